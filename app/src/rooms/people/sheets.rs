//! Pages to print: letters.

use super::model::LetterPurpose;
use super::store::Printable;
use crate::i18n::spoken_date;
use crate::measure::Time;
use crate::tr;
use crate::ui::boot::Boot;
use leptos::prelude::*;

/// A letter's page to print: `qr` is an SVG.
pub fn letter_sheet(boot: &Boot, letters: &[(Printable, String)], address: &str, now: Time) -> AnyView {
    let community = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let phone = boot.phone().to_owned();
    let pages = letters
        .iter()
        .map(|(letter, qr)| {
            let until = spoken_date(crate::i18n::Lang::Zh, letter.expires_at, now, boot.offset());
            let what = if letter.purpose == LetterPurpose::Reset {
                view! { <p>"用手机扫下面的码，设一个新的登录密码。设好以后，原来的密码作废，所有手机上的登录都会退出。"</p> }.into_any()
            } else {
                view! { <p>"小区的报修、费用和表决，以后都可以在手机上看得清清楚楚。用手机扫下面的码，填上姓名和手机号，设一个 6 位数字密码，就可以用了。"</p> }.into_any()
            };
            let to = if letter.purpose == LetterPurpose::Reset { format!("{} 本人 收", letter.to) } else { format!("{} 业主 收", letter.to) };
            let (first, second) = letter.code.split_at(letter.code.len().min(5));
            let code = format!("{first} {second}");
            view! {
                <section class="letter">
                    <p class="letter-to">{to}</p>
                    <h1>{community.clone()}</h1>
                    <p>"您好："</p>
                    {what}
                    <div class="qr" inner_html=qr.clone()></div>
                    <p class="letter-code">"编号 "<b class="code">{code}</b></p>
                    <p>"不方便扫码，可以打开 "<b>{address.to_owned()}</b>" ，点“登录”，填上面的编号。"</p>
                    <p>"这封信只能用一次，"{until}"前有效。请不要给别人看。不会用手机也没关系：到物业前台，或打 "{phone.clone()}" ，工作人员替您办。"</p>
                    <p class="letter-sign">{community.clone()}" 业主委员会 · 居民委员会"</p>
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
