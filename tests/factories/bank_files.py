"""Bank files of invented accounts, and a reader that reads them in this process."""

from __future__ import annotations

from tradecredit.core.cash_application.statements import BankFile, StatementFile
from tradecredit.integrations.bank_files import profiles, reading

ACCOUNT = "6200000000000001"


class InThisProcess:
    """Reads as the child process does, without the process."""

    def read(self, file: BankFile) -> StatementFile:
        return reading.read(file, profiles=profiles.shipped())

    def profiles(self) -> dict:
        return {name: profile.title for name, profile in profiles.shipped().items()}


def csv_file(*rows: str, name: str = "bank.csv", encoding: str = "gb18030", total: str = "") -> BankFile:
    """Rows of day, out, in, balance, payer, payer's account, text, reference."""
    lines = [
        "示例银行企业账户交易明细",
        f"账号:{ACCOUNT},,币种:人民币",
        "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,交易流水号",
        *rows,
        *([total] if total else []),
    ]
    return BankFile(name=name, data="\n".join(lines).encode(encoding))


def mt940(
    *movements: str,
    number: str = "1/1",
    opening: str = "C260301CNY1000,00",
    closing: str = "",
    account: str = ACCOUNT,
) -> BankFile:
    """An MT940 of the movements; without a closing balance nothing is checked."""
    lines = [":20:EXAMPLE", f":25:{account}", f":28C:{number}", f":60F:{opening}", *movements]
    lines += [f":62F:{closing}"] if closing else []
    return BankFile(name="statement.sta", data="\r\n".join([*lines, "-"]).encode())


def camt(
    *entries: str,
    kind: str = "Stmt",
    opening: str = "",
    closing: str = "",
    number: str = "S1",
    currency: str = "CNY",
) -> BankFile:
    """A camt.053 (or .052, .054) of the entries."""
    head = {
        "Stmt": ("053", "BkToCstmrStmt"),
        "Rpt": ("052", "BkToCstmrAcctRpt"),
        "Ntfctn": ("054", "BkToCstmrDbtCdtNtfctn"),
    }
    version, wrapper = head[kind]

    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>"
            if amount
            else ""
        )

    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.{version}.001.08'>"
        f"<{wrapper}><GrpHdr><MsgId>M</MsgId></GrpHdr><{kind}><Id>{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{''.join(entries)}</{kind}></{wrapper}></Document>"
    )
    return BankFile(name=f"{number}.xml", data=text.encode())


def ntry(
    amount: str,
    *details: str,
    sign: str = "CRDT",
    reference: str = "",
    more: str = "",
    day: str = "2026-03-02",
    currency: str = "CNY",
) -> str:
    """One booked entry of a camt file."""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{f'<AcctSvcrRef>{reference}</AcctSvcrRef>' if reference else ''}"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def tx(
    amount: str = "",
    *,
    payer: str = "",
    text: str = "",
    end_to_end: str = "",
    more: str = "",
    sign: str = "",
    currency: str = "CNY",
) -> str:
    """One transaction of an entry."""
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"{f'<Amt Ccy={chr(39)}{currency}{chr(39)}>{amount}</Amt>' if amount else ''}"
        f"{f'<CdtDbtInd>{sign}</CdtDbtInd>' if sign else ''}{more}"
        f"<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )
