"""The evidence of a match in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import values
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.cash_application.matcher.values import Guess, Paid, Way

_PAYERS: Final = {
    "given": Words(zh="付款人已确定", en="the payer is known"),
    "account": Words(
        zh="付款账号 {detail} 以往属于该客户", en="account {detail} has paid for this customer before"
    ),
    "alias": Words(
        zh="付款户名“{detail}”以往属于该客户", en="the name {detail} has paid for this customer before"
    ),
    "name": Words(zh="付款户名与客户名称一致", en="the payer's name is the customer's"),
    "pinyin": Words(
        zh="付款户名“{detail}”与客户名称的拼音一致", en="{detail} is the customer's name in pinyin"
    ),
    "similar": Words(
        zh="付款户名“{detail}”与客户名称相近", en="the payer's name {detail} is like the customer's"
    ),
    "similar_several": Words(
        zh="付款户名“{detail}”与几个客户的名称相近", en="the payer's name {detail} is like several customers'"
    ),
    "shared": Words(
        zh="付款账号或户名 {detail} 以往为几个客户付款",
        en="{detail} has paid for several customers, or is the name of several",
    ),
    "text": Words(zh="附言提到客户名称", en="the text tells the customer's name"),
    "group": Words(zh="付款人 {detail} 与客户同属一个集团", en="{detail} is of the customer's group"),
    "third": Words(zh="由第三方 {detail} 代付", en="paid by a third party, {detail}"),
    "contradicted": Words(
        zh="付款人 {detail} 是另一个客户，请核对", en="{detail} is another customer: look closely"
    ),
}
_REFERENCES: Final = {
    "advice": Words(zh="付款明细写明 {numbers}", en="the remittance advice lists {numbers}"),
    "invoice": Words(zh="附言写明发票 {numbers}", en="the text names invoice {numbers}"),
    "cut": Words(zh="附言写明发票尾号 {numbers}", en="the text gives the end of invoice number {numbers}"),
    "order": Words(zh="附言写明订单，对应发票 {numbers}", en="the text names the order of invoice {numbers}"),
    "contract": Words(
        zh="附言写明合同，对应发票 {numbers}", en="the text names the contract of invoice {numbers}"
    ),
    "paid": Words(zh="附言写明的发票已结清", en="the invoice that the text names is settled"),
    "unknown": Words(zh="附言中的号码与未清发票都不符", en="the numbers in the text are of no open invoice"),
    "wrong": Words(
        zh="附言写明的发票与金额不符", en="the invoices that the text names do not fit the amount"
    ),
    "none": Words(zh="附言没有写明单据号", en="the text names no document"),
}
_FITS: Final = {
    "exact": Words(zh="金额正好等于其未清额", en="the amount is what is open on it"),
    "part_of_named": Words(
        zh="金额正好等于其中 {numbers}", en="the amount is what is open on {numbers} of them"
    ),
    "completed": Words(
        zh="加上未写明的发票后金额正好等于 {numbers}",
        en="with unnamed ones the amount is what is open on {numbers}",
    ),
    "single": Words(zh="金额正好等于 {numbers} 的未清额", en="the amount is what is open on {numbers}"),
    "sum": Words(
        zh="金额正好等于 {count} 笔未清额之和（{numbers}）",
        en="the amount is the sum of {count} open items ({numbers})",
    ),
    "net": Words(
        zh="扣除贷项 {credits} 后金额正好等于其未清额", en="less credit note {credits} it is what is open"
    ),
    "net_account": Words(
        zh="扣除全部贷项（{credits}）后金额正好等于全部未清额",
        en="less the credit notes {credits} the amount is all that is open",
    ),
    "account": Words(zh="金额正好等于全部未清额", en="the amount is all that is open"),
    "tolerated": Words(
        zh="比未清额少 {gap}，在容差内", en="{gap} less than what is open, within the tolerance"
    ),
    "discount": Words(
        zh="比未清额少 {gap}，正好是惯用的折扣", en="{gap} less than what is open: a usual discount"
    ),
    "charge": Words(
        zh="比未清额少 {gap}，可能是银行手续费", en="{gap} less than what is open: perhaps a bank's charge"
    ),
    "part": Words(zh="部分付款，还差 {gap}", en="a part payment, {gap} stays open"),
    "part_of_several": Words(
        zh="比写明的发票合计少 {gap}，按到期日先后核销", en="{gap} less than what is named: the oldest first"
    ),
    "over_tolerated": Words(zh="多付 {gap}，在容差内", en="{gap} too much, within the tolerance"),
    "over": Words(zh="多付 {gap}，余额列为未核销款", en="{gap} too much: the rest stays on account"),
    "oldest_first": Words(zh="按到期日先后核销", en="the oldest due day first"),
}
_RIVALS: Final = {
    "only": Words(zh="只有这一种组合", en="no other set fits"),
    "open": Words(
        zh="未清款太多，没有查遍所有组合", en="not every set was looked at: there are too many items"
    ),
    "first": Words(zh="还有其他组合也相符", en="other sets fit as well"),
    "other": Words(zh="另一种可能的组合", en="another set that fits"),
}
_UNCERTAIN_FITS: Final = frozenset({"single", "sum", "completed", "part_of_named"})
_LISTED_MAX: Final = 8
_AND: Final = Words(zh="；", en="; ")


def way_words(
    way: Way, *, paid: Paid, guess: Guess, numbers: Sequence[str], credits_: Sequence[str] = ()
) -> Words:
    """Return the evidence of a way in one sentence: who paid, what the text names, what the amount fits."""
    listed = ", ".join(numbers[:_LISTED_MAX]) + ("…" if len(numbers) > _LISTED_MAX else "")
    gap = money.plain(values.amount(abs(way.gap)), paid.currency)
    parts = [_PAYERS[way.payer], _REFERENCES[way.reference], _FITS[way.fit.removeprefix("near_")]]
    if way.fit in _UNCERTAIN_FITS:
        parts.append(_RIVALS[way.rivals])
    filled = {"detail": guess.detail, "numbers": listed, "gap": gap, "count": len(way.shares),
              "credits": ", ".join(credits_)}  # fmt: skip
    return Words(
        zh=_AND.zh.join(part.zh.format(**filled) for part in parts),
        en=_AND.en.join(part.en.format(**filled) for part in parts),
    )


_NOBODY: Final = Words(
    zh="没有发票号、已知账号或客户名称可以识别付款人，请指定客户",
    en="no invoice number, known account or customer's name tells who paid; name the customer",
)
_SEVERAL: Final = Words(
    zh="付款人可能是几个客户（{codes}），请指定其中一个",
    en="the payer may be one of several customers ({codes}); name one",
)
_DOUBTED: Final = Words(zh="付款人可能是 {codes}，请确认", en="the payer may be {codes}; confirm it")
_NOTHING: Final = Words(
    zh="{payer}；没有可确定的匹配，列为未核销款",
    en="{payer}; nothing matches for certain: it stays on account",
)


def payer_words(guess: Guess) -> Words:
    """Return the evidence of who paid."""
    return _PAYERS[guess.kind].filled(detail=guess.detail)


def unmatched(*, payer: Guess | None, codes: Sequence[str]) -> Words:
    """Return why nothing is booked: nobody is known, several may have paid, or nothing fits."""
    if payer is not None:
        why = payer_words(payer)
        return Words(zh=_NOTHING.zh.format(payer=why.zh), en=_NOTHING.en.format(payer=why.en))
    if not codes:
        return _NOBODY
    return (_SEVERAL if len(codes) > 1 else _DOUBTED).filled(codes=", ".join(codes))
