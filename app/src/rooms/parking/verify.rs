//! The verifier: its script stands inside the page, so that a kept or saved copy works without a network.

use super::draw::DrawFile;
use crate::tr;
use crate::ui::boot::Boot;
use crate::ui::frame;
use crate::ui::frame::Page;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// The script, as it is tested.
pub const SCRIPT: &str = include_str!("../../../../frontend/pwa/draw.js");
/// The same in Python, for whoever trusts no page.
pub const PYTHON: &str = include_str!("../../../../frontend/pwa/verify_draw.py");

/// What a party needs for its commitment: round, the hash of the final list, and its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToCommit {
    /// The round's number.
    pub round: String,
    /// The hash.
    pub list_hash: String,
    /// The party.
    pub party: String,
}

/// The page. `file` is the draw of the round that it was opened for.
pub fn page(boot: &Boot, file: Option<&DrawFile>, commit: &ToCommit) -> AnyView {
    let lang = boot.lang;
    // Nothing in it may end the element.
    let json = file.and_then(|f| serde_json::to_string(f).ok()).map(|text| text.replace('<', "\\u003c"));
    let here = json.map(|json| view! { <script type="application/json" id="draw-file" nonce=use_nonce() inner_html=json></script> });
    let here_words = file.map(|f| view! { <p class="hint">{tr!(lang, "{r} 的抽签文件已经在这一页里，打开就算好了。", "The file of {r} is in this page and was computed when it opened.", r = f.round)}</p> });
    let parties = ["YWH", "JWH", "OWNER1", "OWNER2", "OWNER3"]
        .map(|p| view! { <option value=p selected={commit.party == p}>{super::rules::party_label(lang, p)}" "{p}</option> })
        .collect_view();
    let field = |id: &'static str, label: &'static str, value: String| view! { <div class="field"><label for=id>{label}</label><input id=id type="text" maxlength="100" autocomplete="off" value=value/></div> };
    let body = view! {
        <section class="card"><h2>{tr!(lang, "核验抽签", "Check a draw")}</h2>
            <p>{tr!(lang, "选下载的抽签文件，或把内容贴进来。全部在这台手机里算，不上传。", "Choose the downloaded file, or paste it. Everything is computed on this device; nothing is sent.")}</p>
            <div class="field"><label for="draw-choose">{tr!(lang, "抽签文件", "The file of a draw")}</label><input id="draw-choose" type="file" accept=".json,application/json"/></div>
            <div class="field"><label for="draw-text">{tr!(lang, "文件内容", "Its text")}</label><textarea id="draw-text" rows="6" spellcheck="false"></textarea></div>
            {here_words}
            <button class="btn" type="button" id="draw-check">{tr!(lang, "重新算一遍", "Compute it again")}</button>
            <div id="draw-result" role="status" aria-live="polite"></div>
            <noscript><p class="note">{tr!(lang, "这一页要用浏览器脚本来算。没有脚本，请用下面的 Python 脚本。", "This page computes with a script. Without one, use the Python script below.")}</p></noscript></section>
        <section class="card"><h2>{tr!(lang, "怎么算的", "How it is computed")}</h2><ol>
            <li>{tr!(lang, "名单按编号排序，每行“编号|类|已等|需要”，散列值是 SHA-256。", "The list is sorted by code, a line is “code|band|waited|needs”; its hash is SHA-256.")}</li>
            <li>{tr!(lang, "每一方先交承诺 SHA256(轮次|方|随机数|名单散列值)，都交了才公开随机数。", "Each party first posts SHA256(round|party|number|list hash), and reveals when all have posted.")}</li>
            <li>{tr!(lang, "公共随机数在公开之后才产生，谁也不能提前知道。", "The public value comes to be after they revealed, so that nobody knows it before.")}</li>
            <li>{tr!(lang, "种子 = SHA256(XHJY-PARK-v1|轮次|名单散列值|方=随机数…|公共随机数)，没公开的一方不计入。", "Seed = SHA256(XHJY-PARK-v1|round|list hash|party=number…|public value), without those who did not reveal.")}</li>
            <li>{tr!(lang, "键 = SHA256(种子|编号)。先按类，再按已等（多的在前），再按键。", "Key = SHA256(seed|code). By band, then the longer wait, then the key.")}</li>
            <li>{tr!(lang, "有残疾人证的先分无障碍车位；新能源车先分充电车位；其余按顺序。", "Accessible bays go first to disability cards, bays with chargers to electric cars, all else in the order.")}</li></ol>
            <p><a class="chip" href=boot.at("/parking/verify.py") download="verify_draw.py">{tr!(lang, "下载 Python 脚本", "Download the Python script")}</a></p>
            <p class="hint">{tr!(lang, "电脑上运行：python3 verify_draw.py 抽签文件。只用 Python 自带的功能。", "On a computer: python3 verify_draw.py FILE. It needs Python alone.")}</p></section>
        <section class="card" id="commit"><h2>{tr!(lang, "业委会、居委会、业主代表：做一份承诺", "For the parties: make a commitment")}</h2>
            <p>{tr!(lang, "随机数在这台手机里产生，请抄下来自己收好；到公开时再填。只把承诺交上去。", "The number is made on this device: write it down and keep it until you reveal. Hand in the commitment alone.")}</p>
            {field("commit-round", tr!(lang, "轮次", "Round"), commit.round.clone())}
            {field("commit-hash", tr!(lang, "名单散列值", "Hash of the list"), commit.list_hash.clone())}
            <div class="field"><label for="commit-party">{tr!(lang, "哪一方", "Party")}</label><select id="commit-party">{parties}</select></div>
            <div class="field"><label for="commit-nonce">{tr!(lang, "随机数（空着就新做一个）", "Number (left empty, a new one is made)")}</label><textarea id="commit-nonce" rows="2" spellcheck="false" autocomplete="off"></textarea></div>
            <button class="btn sec" type="button" id="commit-make">{tr!(lang, "算承诺", "Make the commitment")}</button>
            <div class="field"><label for="commit-out">{tr!(lang, "承诺", "Commitment")}</label><textarea id="commit-out" rows="2" readonly></textarea></div></section>
        {here}
        <script nonce=use_nonce() inner_html=SCRIPT></script>
    };
    frame(boot, Page::Board, tr!(lang, "核验抽签", "Check a draw").into(), tr!(lang, "不用网络，谁都能算", "Without a network, for everybody").into(), body)
}
