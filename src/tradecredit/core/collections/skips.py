"""Why an item is left alone, in words."""

from __future__ import annotations

from typing import Final

from tradecredit.core.kernel.reasons import Words

WHY: Final = {
    "paid": Words(zh="已付清", en="It is paid."),
    "disputed": Words(
        zh="该笔有未决争议，争议期间不催收", en="It is disputed; nothing is asked while that lasts."
    ),
    "unapplied_cash": Words(
        zh="客户已有未核销回款，足以覆盖该笔", en="Cash received and not yet applied covers it."
    ),
    "below_minimum": Words(zh="金额低于催收起点", en="It is below the smallest amount that is dunned."),
    "reminder_before_issue": Words(
        zh="提醒日早于开票日", en="The reminder's day had passed before the invoice was issued."
    ),
    "already_said": Words(zh="本阶段已通知过", en="This step was said before."),
    "promised": Words(zh="客户已承诺付款，承诺日未到", en="A promise to pay is not yet due."),
    "opted_out": Words(zh="该客户设为不发送催收信函", en="The customer is marked as not to be written to."),
    "item_opted_out": Words(zh="该笔设为不催收", en="The item is marked as not to be asked for."),
    "too_many_letters": Words(zh="近期发函已达上限", en="As many letters as are allowed went out lately."),
    "bank_unseen": Words(
        zh="银行流水已过期，可能已付款而未见",
        en="The bank statements are too old: it may be paid and unseen.",
    ),
    "holiday": Words(zh="非工作日不发函", en="No letters go out on a day off."),
    "quiet_days": Words(zh="距上次发函未满免打扰天数", en="The last letter is too recent."),
}
