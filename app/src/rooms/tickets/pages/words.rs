//! The timeline in plain words.

use crate::i18n::{Lang, spoken_time};
use crate::measure::Time;
use crate::rooms::tickets::rules::{Deed, Move, Tier};
use crate::{tr, trf};

/// What happened, as a sentence.
pub fn deed(lang: Lang, deed: &Deed, now: Time, offset: i32) -> String {
    match deed {
        Deed::Reported { visitor: true } => tr!(lang, "收到访客上报", "A visitor reported it").into(),
        Deed::Reported { visitor: false } => tr!(lang, "收到上报", "Reported").into(),
        Deed::MetToo { households } => trf!(lang, "又有一户遇到，共 {households} 户", "One more household, {households} in all"),
        Deed::Absorbed { .. } => tr!(lang, "一件重复的上报并到这里", "A duplicate was merged into this one").into(),
        Deed::Moderated { shown: true, .. } => tr!(lang, "已查看，公开显示", "Read and made public").into(),
        Deed::Moderated { shown: false, reason: None } => tr!(lang, "已隐藏", "Hidden").into(),
        Deed::Moderated { shown: false, reason: Some(reason) } => trf!(lang, "已隐藏：{reason}", "Hidden: {reason}"),
        Deed::CommentHidden { .. } => tr!(lang, "一条留言已隐藏", "A comment was hidden").into(),
        Deed::Escalated { rung } => tr!(lang, "超时了，已报{who}督办", "Overdue: reported to the {who}", who = rung.label(lang)),
        Deed::ToOwners { tier, cause } => {
            let who = if *tier == Tier::Affected { tr!(lang, "相关业主表决", "the owners concerned") } else { tr!(lang, "业主表决", "all owners") };
            let why = cause.label(lang);
            trf!(lang, "转{who}：{why}", "Goes to {who}: {why}")
        }
        Deed::Commented => tr!(lang, "有人留言", "Somebody commented").into(),
        Deed::ContactSeen => tr!(lang, "查看了联系方式", "Contact looked up").into(),
        Deed::Stepped { step, reason, amount, tier, stars, time, .. } => {
            let mut text = step_words(lang, *step, amount.and(*tier)).to_owned();
            if let Some(amount) = amount {
                text.push_str(&trf!(lang, " {amount} 元", " {amount} yuan"));
            }
            if let Some(stars) = stars {
                text.push_str(&trf!(lang, " {stars} 星", " {stars} stars"));
            }
            if let Some(time) = time {
                text.push_str(&format!(" {}", spoken_time(lang, *time, now, offset)));
            }
            if let Some(reason) = reason {
                text.push_str(tr!(lang, "：", ": "));
                text.push_str(reason);
            }
            text
        }
    }
}

fn step_words(lang: Lang, step: Move, tier: Option<Tier>) -> &'static str {
    match step {
        Move::Accept => tr!(lang, "物业已受理", "Taken on by the property desk"),
        Move::Return => tr!(lang, "退回给上报人", "Returned to the reporter"),
        Move::Resubmit => tr!(lang, "上报人补充后再次提交", "Sent in again"),
        Move::Assign => tr!(lang, "已派给维修师傅", "Assigned to a worker"),
        Move::Schedule => tr!(lang, "约好上门时间", "Visit arranged for"),
        Move::Arrive => tr!(lang, "师傅已到场", "The worker is on site"),
        Move::Pause => tr!(lang, "暂停，等材料", "Paused, waiting for material"),
        Move::Resume => tr!(lang, "材料到了，继续", "Material is here, going on"),
        Move::Quote if tier == Some(Tier::Property) => tr!(lang, "费用由物业直接处理", "Cost within the property company's limit"),
        Move::Quote if tier == Some(Tier::Payer) => tr!(lang, "费用由责任方承担", "Cost borne by whoever is responsible"),
        Move::Quote if tier == Some(Tier::Emergency) => tr!(lang, "应急维修报价，等业委会同意", "Emergency quote sent to the owners' committee"),
        Move::Quote if tier.is_some_and(Tier::is_owners) => tr!(lang, "报价，等业主表决", "Quote, waits for the owners' vote"),
        Move::Quote => tr!(lang, "报价，等业委会同意", "Quote sent to the owners' committee"),
        Move::Approve => tr!(lang, "业委会同意费用", "The owners' committee approved"),
        Move::Decline => tr!(lang, "业委会退回报价", "The owners' committee returned the quote"),
        Move::AddPhotos => tr!(lang, "补了照片", "Photos added"),
        Move::Finish => tr!(lang, "修好了，请上报人确认", "Repaired, waiting for the reporter's word"),
        Move::Confirm => tr!(lang, "确认修好", "Confirmed as repaired"),
        Move::Reject => tr!(lang, "没修好，重新处理", "Not repaired, being redone"),
        Move::Rate => tr!(lang, "评价", "Rated"),
        Move::Reopen => tr!(lang, "又坏了，重新处理", "Broken again, reopened"),
        Move::Withdraw => tr!(lang, "上报人撤销", "Withdrawn by the reporter"),
        Move::Merge => tr!(lang, "并到另一件", "Merged into another ticket"),
        Move::Archive => tr!(lang, "已归档", "Archived"),
        Move::Settle => tr!(lang, "结算", "Final bill"),
    }
}

/// The words on the button of a move.
pub fn button(lang: Lang, step: Move) -> &'static str {
    match step {
        Move::Accept => tr!(lang, "受理", "Take on"),
        Move::Return => tr!(lang, "退回，写明原因", "Return with a reason"),
        Move::Resubmit => tr!(lang, "补充后再次提交", "Send in again"),
        Move::Assign => tr!(lang, "派单", "Assign"),
        Move::Schedule => tr!(lang, "约上门时间", "Arrange a visit"),
        Move::Arrive => tr!(lang, "我到了", "I am on site"),
        Move::Pause => tr!(lang, "暂停，等材料", "Pause for material"),
        Move::Resume => tr!(lang, "继续修", "Go on"),
        Move::Quote => tr!(lang, "提交报价", "Send the quote"),
        Move::Approve => tr!(lang, "同意这笔费用", "Approve the cost"),
        Move::Decline => tr!(lang, "退回报价，写明原因", "Return the quote with a reason"),
        Move::AddPhotos => tr!(lang, "加照片", "Add photos"),
        Move::Finish => tr!(lang, "修好了", "Finished"),
        Move::Confirm => tr!(lang, "修好了", "It is repaired"),
        Move::Reject => tr!(lang, "没修好，请再来看", "Not repaired, please come again"),
        Move::Rate => tr!(lang, "修好了，评个分", "It is repaired: rate it"),
        Move::Reopen => tr!(lang, "又坏了，请再来看", "Broken again, please come"),
        Move::Withdraw => tr!(lang, "撤销这件上报", "Withdraw this report"),
        Move::Merge => tr!(lang, "合并到另一件", "Merge into another"),
        Move::Archive => tr!(lang, "归档", "Archive"),
        Move::Settle => tr!(lang, "提交结算", "Send the final bill"),
    }
}
