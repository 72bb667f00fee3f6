//! Places, facilities and their stickers, for the desk.

use super::model::{PlaceKind, PlaceRow};
use super::store::Sticker;
use crate::ids::MutationId;
use crate::rooms::communities::setup::steps;
use crate::rooms::communities::store::BuildingRow;
use crate::rooms::people::sheets::print_frame;
use crate::rooms::tickets::model::Category;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;

/// The desk's page of places.
pub fn places(boot: &Boot, rows: &[PlaceRow], buildings: &[BuildingRow], set_up: Option<usize>) -> AnyView {
    let lang = boot.lang;
    let kinds = || PlaceKind::ALL.into_iter().map(|k| view! { <option value=k.code()>{k.label(lang)}</option> }).collect_view();
    let homes = buildings.iter().map(|b| view! { <option value=b.id.to_string()>{b.name.clone()}</option> }).collect_view();
    let categories = Category::GENERAL.into_iter().map(|c| view! { <option value=c.code()>{c.label(lang)}</option> }).collect_view();
    let options = rows.iter().map(|p| view! { <option value=p.id.to_string()>{p.name.clone()}</option> }).collect_view();
    let error = echo().error("name", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let prints = PlaceKind::ALL
        .into_iter()
        .filter(|k| rows.iter().any(|r| r.kind == *k))
        .map(|k| view! { <a class="chip" href=format!("/print/stickers?kind={}", k.code())>{k.label(lang)}</a> })
        .collect_view();
    let list = rows.iter().map(|p| view! { <tr><td>{p.name.clone()}</td><td>{p.kind.label(lang)}</td><td>{p.tag.clone().map(|t| view! { <a class="code" href=format!("/q/{t}")>{t.clone()}</a> })}</td></tr> }).collect_view();
    let n = rows.len();
    let body = view! {
        {steps(boot, set_up)}
        <section class="card">
            <h2>{tr!(lang, "打印贴纸", "Print stickers")}</h2>
            <div class="filters"><a class="chip" href="/print/stickers">{tr!(lang, "全部", "All")}</a>{prints}</div>
        </section>
        <form method="post" action="/forms/place-add" class="card field-row">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/places"/>
            <div class="field"><label for="name">{tr!(lang, "新地点", "New place")}</label><input id="name" type="text" name="name" maxlength="40" required value=echo().value("name")/>{error}</div>
            <div class="field"><label for="kind">{tr!(lang, "种类", "Kind")}</label><select id="kind" name="kind">{kinds()}</select></div>
            <div class="field"><label for="building">{tr!(lang, "楼栋", "Building")}</label><select id="building" name="building"><option value="">"—"</option>{homes}</select></div>
            <button class="btn small" type="submit">{tr!(lang, "加上", "Add")}</button>
        </form>
        <form method="post" action="/forms/facility-add" class="card field-row">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/places"/>
            <div class="field"><label for="fname">{tr!(lang, "新设施", "New facility")}</label><input id="fname" type="text" name="name" maxlength="40" required/></div>
            <div class="field"><label for="fplace">{tr!(lang, "在哪里", "Where")}</label><select id="fplace" name="place" required>{options}</select></div>
            <div class="field"><label for="fcategory">{tr!(lang, "坏了多半属于", "Usual kind of fault")}</label><select id="fcategory" name="category">{categories}</select></div>
            <button class="btn small" type="submit">{tr!(lang, "加上", "Add")}</button>
        </form>
        <section class="card"><h2>{trf!(lang, "{n} 个地点", "{n} places")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "地点", "Places")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "名称", "Name")}</th><th scope="col">{tr!(lang, "种类", "Kind")}</th><th scope="col">{tr!(lang, "编号", "Code")}</th></tr></thead>
            <tbody>{list}</tbody>
        </table></div></section>
    };
    frame(boot, Page::Desk, tr!(lang, "地点与贴纸", "Places and stickers").into(), tr!(lang, "每个地点和设施一张贴纸", "One sticker for each").into(), body)
}

/// Sticker sheets: A4, two by five. `stickers` come with their QR codes as SVG.
pub fn sticker_sheet(boot: &Boot, stickers: &[(Sticker, String)]) -> AnyView {
    let community = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let sheets = stickers
        .chunks(10)
        .map(|sheet| {
            let cells = sheet
                .iter()
                .map(|(s, qr)| {
                    view! {
                        <div class="sticker">
                            <div class="qr" inner_html=qr.clone()></div>
                            <div><b>"扫码报修"</b><span class="muted" lang="en">"Scan to report a fault"</span><span>{s.name.clone()}</span><span class="muted">{if s.name == s.place { community.clone() } else { format!("{community} · {}", s.place) }}</span><span class="code">{s.code.clone()}</span></div>
                        </div>
                    }
                })
                .collect_view();
            view! { <section class="stickers">{cells}</section> }
        })
        .collect_view();
    let title = tr!(boot.lang, "贴纸", "Stickers");
    print_frame(boot, view! { <h1 class="no-print">{title}</h1>{sheets} }.into_any())
}
