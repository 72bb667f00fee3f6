//! Pages to print: letters.

use super::model::LetterPurpose;
use super::store::Printable;
use crate::i18n::spoken_date;
use crate::measure::Time;
use crate::ui::boot::Boot;
use crate::{tr, trf};
use leptos::prelude::*;

/// A letter's page to print: `qr` is an SVG.
pub fn letter_sheet(boot: &Boot, letters: &[(Printable, String)], address: &str, now: Time) -> AnyView {
    let lang = boot.lang;
    let community = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let phone = boot.phone().to_owned();
    let pages = letters
        .iter()
        .map(|(letter, qr)| {
            let until = spoken_date(lang, letter.expires_at, now, boot.offset());
            let to = &letter.to;
            let (what, to) = if letter.purpose == LetterPurpose::Reset {
                (
                    tr!(lang, "用手机扫下面的码，设一个新的登录密码。设好以后，原来的密码作废，所有手机上的登录都会退出。", "Scan the code below with your phone to set a new PIN or password. The old one then ends, and every phone is signed out."),
                    trf!(lang, "{to} 本人 收", "To {to} in person"),
                )
            } else {
                (
                    tr!(lang, "小区的报修、费用和表决，以后都可以在手机上看得清清楚楚。用手机扫下面的码，填上姓名和手机号，设一个 6 位数字密码，就可以用了。", "Repairs, money and votes of our community can now be followed on your phone. Scan the code below, give your name and mobile number, and set a 6-digit PIN."),
                    trf!(lang, "{to} 业主 收", "To the owner of {to}"),
                )
            };
            let (first, second) = letter.code.split_at(letter.code.len().min(5));
            let code = format!("{first} {second}");
            view! {
                <section class="letter">
                    <p class="letter-to">{to}</p>
                    <h1>{community.clone()}</h1>
                    <p>{tr!(lang, "您好：", "Hello,")}</p>
                    <p>{what}</p>
                    <div class="qr" inner_html=qr.clone()></div>
                    <p class="letter-code">{tr!(lang, "编号", "Code")}" "<b class="code">{code}</b></p>
                    <p>{trf!(lang, "不方便扫码，可以打开 {address} ，点“登录”，填上面的编号。", "If you cannot scan, open {address}, tap “Sign in” and type the code above.")}</p>
                    <p>{trf!(lang, "这封信只能用一次，{until}前有效。请不要给别人看。不会用手机也没关系：到物业前台，或打 {phone} ，工作人员替您办。", "This letter works once, until {until}. Please show it to nobody. No phone? Come to the property desk or call {phone}: we do it for you.")}</p>
                    <p class="letter-sign">{trf!(lang, "{community} 业主委员会 · 居民委员会", "Owners' committee and residents' committee of {community}")}</p>
                </section>
            }
        })
        .collect_view();
    print_frame(boot, pages.into_any())
}

/// A page to print, with its print hint that does not print.
pub fn print_frame(boot: &Boot, body: AnyView) -> AnyView {
    view! {
        <main id="main" class="print">
            <p class="note no-print"><a href="/">{tr!(boot.lang, "回首页", "Home")}</a>" · "{tr!(boot.lang, "按 Ctrl+P 打印，A4 纸，不缩放", "Press Ctrl+P to print on A4 at 100 %")}</p>
            {body}
        </main>
    }
    .into_any()
}
