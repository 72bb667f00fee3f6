//! A document as a page: on the screen as it will be on paper, A4 by the print style.

use super::model::{Block, Document, Table};
use super::rules::spoken_hash;
use crate::i18n::Lang;
use crate::rooms::people::sheets::print_frame;
use crate::tr;
use crate::ui::boot::Boot;
use leptos::prelude::*;

/// The page. `qr` is the code of the live record as SVG, `pdf` the address of the same document as a PDF.
pub fn sheet(boot: &Boot, document: &Document, qr: &str, pdf: &str) -> AnyView {
    let lang = boot.lang;
    let blocks = document.blocks.iter().map(|b| block(lang, b)).collect_view();
    let lines = document.sign_lines.iter().map(|who| view! { <div class="sign"><span>{who.clone()}</span><span class="line"></span></div> }).collect_view();
    let number = (!document.number.is_empty()).then(|| view! { <p class="doc-no">{tr!(lang, "编号", "No.")}" "{document.number.clone()}</p> });
    let subtitle = (!document.subtitle.is_empty()).then(|| view! { <p class="doc-sub">{document.subtitle.clone()}</p> });
    let proof = document.proof.as_ref().map(|p| {
        view! { <span>{tr!(lang, "存证", "Proof")}" #"{p.seq}" "<code>{spoken_hash(p)}</code></span> }
    });
    let made = document.made_at.local(boot.offset()).format("%Y-%m-%d").to_string();
    print_frame(
        boot,
        view! {
            <p class="note no-print"><a href=document.address.clone()>{tr!(lang, "看在线记录", "The live record")}</a>" · "<a href=pdf.to_owned() download="">{tr!(lang, "下载 PDF", "Download PDF")}</a></p>
            <article class="letter doc">
                <p class="doc-home">{document.community.clone()}</p>
                <h1>{document.title.clone()}</h1>
                {subtitle}
                {number}
                {blocks}
                {(!document.sign_lines.is_empty()).then(|| view! { <div class="signs">{lines}</div> })}
                <footer class="doc-foot">
                    <div class="qr" inner_html=qr.to_owned()></div>
                    <p><span>{tr!(lang, "扫码看在线记录，核对这张纸有没有被改过", "Scan for the live record and compare it with this sheet")}</span>{proof}<span>{tr!(lang, "打印于 ", "Printed ")}{made}</span></p>
                </footer>
            </article>
        }
        .into_any(),
    )
}

fn block(lang: Lang, block: &Block) -> AnyView {
    match block {
        Block::Heading(words) => view! { <h2>{words.clone()}</h2> }.into_any(),
        Block::Paragraph(words) => view! { <p>{words.clone()}</p> }.into_any(),
        Block::Facts(facts) => {
            let rows = facts.iter().map(|(name, value)| view! { <div><dt>{name.clone()}</dt><dd>{value.clone()}</dd></div> }).collect_view();
            view! { <dl class="facts">{rows}</dl> }.into_any()
        }
        Block::Table(table) => drawn(lang, table),
    }
}

fn drawn(lang: Lang, table: &Table) -> AnyView {
    let class = |i: usize| if table.columns.get(i).is_some_and(|c| c.numeric) { "num" } else { "" };
    let head = table.columns.iter().enumerate().map(|(i, c)| view! { <th scope="col" class=class(i)>{c.label.clone()}</th> }).collect_view();
    let line = |cells: &[String]| cells.iter().enumerate().map(|(i, cell)| view! { <td class=class(i)>{cell.clone()}</td> }).collect_view();
    let rows = table.rows.iter().map(|row| view! { <tr>{line(row)}</tr> }).collect_view();
    let total = (!table.total.is_empty()).then(|| view! { <tfoot><tr>{line(&table.total)}</tr></tfoot> });
    view! { <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "表格", "Table")><table class="t"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{total}</table></div> }.into_any()
}
