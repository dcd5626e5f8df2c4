"""Small whole bank files of invented accounts, one or more a format, from which broken ones are bred."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter

_HEAD: Final = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.{version}.001.08'>\n<{wrapper}><GrpHdr><MsgId>M1</MsgId>"
    "</GrpHdr>\n<{kind}><Id>S1</Id><ElctrncSeqNb>1</ElctrncSeqNb><Acct><Id><IBAN>DE00EXAMPLE0000000001</IBAN></Id>"
    "<Ccy>EUR</Ccy></Acct>\n"
)
_BALANCE: Final = (
    "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    "<Dt><Dt>2026-03-02</Dt></Dt></Bal>\n"
)
_ENTRY: Final = (
    "<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
    "<BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>REF{number}</AcctSvcrRef><NtryDtls><TxDtls><Refs>"
    "<EndToEndId>E{number}</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>示例 GmbH</Nm></Pty></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>INV-{number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
)
_MT940: Final = (
    "{1:F01EXAMPLEX0000000000}{2:I940EXAMPLEXN}{4:\r\n:20:EXAMPLE\r\n:25:10020030/1234567\r\n:28C:5/1\r\n"
    ":60F:C260301EUR1000,00\r\n:61:2603020302C100,50NTRFNONREF//REF1\r\n:86:166?00GUTSCHRIFT?20EREF+E1?21SVWZ+INV-1"
    "?32示例 GmbH\r\n:61:260302D20,25NMSCNONREF//REF2\r\n:86:/EREF/E2/REMI/rent/NAME/示例物业\r\n"
    ":61:260303RC5,00NRTINONREF//REF3\r\n:86:returned\r\n:62F:C260303EUR1075,25\r\n-}\r\n"
)
_MT942: Final = (
    ":20:EXAMPLE\r\n:25:10020030/1234567\r\n:28C:6/1\r\n:34F:EUR0,\r\n:13D:2603021200+0100\r\n"
    ":61:260302C7,00NTRFNONREF//REF9\r\n:86:plain words 货款\r\n:90D:0EUR0,\r\n:90C:1EUR7,00\r\n-\r\n"
)
_OFX1: Final = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n<OFX><BANKMSGSRSV1>"
    "<STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>12345678<ACCTTYPE>CHECKING</BANKACCTFROM>"
    "<BANKTRANLIST><DTSTART>20260301<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302120000<TRNAMT>10.50<FITID>F1001"
    "<NAME>Example Inc<MEMO>INV-1</STMTTRN><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260303<TRNAMT>-3.25<FITID>F1002"
    "<NAME>Fee</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>107.25<DTASOF>20260303</LEDGERBAL></STMTRS></STMTTRNRS>"
    "</BANKMSGSRSV1></OFX>"
)
_OFX2: Final = (
    '<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="211"?><OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD'
    "</CURDEF><BANKACCTFROM><ACCTID>9100</ACCTID></BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>"
    "<DTPOSTED>20260302</DTPOSTED><TRNAMT>1.00</TRNAMT><FITID>G1001</FITID><NAME>A &amp; B</NAME></STMTTRN>"
    "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)
_BAI2: Final = (
    "01,122099999,123456789,260302,0200,1,80,1,2/\n02,031001234,122099999,1,260302,2359,USD,2/\n"
    "03,0123456789,USD,010,100000,,,015,105000,,/\n16,108,10000,V,260303,,BREF1,CREF1,INV-1/\n"
    "88,MORE WORDS/\n16,409,5000,Z,BREF2,CREF2,FEE/\n49,220000,5/\n98,220000,1,7/\n99,220000,1,9/\n"
)
_TABLE: Final = (
    ("示例银行企业账户交易明细",),
    ("账号:6200000000000001", "币种:人民币"),
    ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "交易流水号"),
    (
        "2026-03-02",
        "",
        "100.00",
        "1100.00",
        "示例五金甲有限公司",
        "6200000000000101",
        "货款 INV-1",
        "EX00001",
    ),
    ("2026-03-03", "30.25", "", "1069.75", "示例物流有限公司", "6200000000000102", "运费", "EX00002"),
    ("2026-03-04", "", "70.50", "1140.25", "示例五金乙有限公司", "6200000000000103", "尾款", "EX00003"),
    ("合计", "30.25", "170.50"),
)
_SIGNED: Final = (
    "账户:6200000000000003\n交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号,交易渠道,交易附言\n"
    "20260302,101500,转存,+6000.00,16000.00,示例五金甲有限公司,369000001,超级网银,货款\n"
    "20260303,111500,转支,-1000.00,15000.00,示例物流有限公司,369000002,网上银行,运费\n"
)
_GENERIC: Final = (
    "Date;Description;Amount;Currency;Account;Reference\n2026-03-02;Invoice INV-1;1.234,50;EUR;DE00EXAMPLE1;EX-00001\n"
    "2026-03-03;Rent;-500,00;EUR;DE00EXAMPLE1;EX-00002\n"
)


def seeds() -> dict[str, tuple[bytes, ...]]:
    """Return the files by format: camt, mt940, ofx, bai2, csv, xlsx."""
    table = "\n".join(",".join(row) for row in _TABLE)
    return {
        "camt": (
            _camt("053", "BkToCstmrStmt", "Stmt"),
            _camt("052", "BkToCstmrAcctRpt", "Rpt"),
            _camt("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        ),
        "mt940": (_MT940.encode(), _MT940.encode("gb18030"), _MT942.encode()),
        "ofx": (_OFX1.encode(), _OFX2.encode()),
        "bai2": (_BAI2.encode(),),
        "csv": (
            *(table.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")),
            _SIGNED.encode(),
            _GENERIC.encode(),
        ),
        "xlsx": (_workbook(),),
    }


def totalled() -> dict[str, tuple[bytes, str]]:
    """Return, by format, a file that adds up and the text of one of its movements' amounts, which stands there once."""
    return {
        "camt": (_camt("053", "BkToCstmrStmt", "Stmt"), ">120.50<"),
        "mt940": (_MT940.encode(), "C100,50N"),
        "bai2": (_BAI2.encode(), "16,108,10000,"),
        "csv": ("\n".join(",".join(row) for row in _TABLE).encode(), ",,100.00,"),
    }


def _camt(version: str, wrapper: str, kind: str) -> bytes:
    parts = [_HEAD.format(version=version, wrapper=wrapper, kind=kind)]
    if kind == "Stmt":
        parts += [
            _BALANCE.format(code="OPBD", amount="1000.00"),
            _BALANCE.format(code="CLBD", amount="1100.25"),
        ]
    parts.append(_ENTRY.format(amount="120.50", sign="CRDT", number="1001"))
    parts.append(_ENTRY.format(amount="20.25", sign="DBIT", number="1002"))
    parts.append(f"</{kind}></{wrapper}></Document>\n")
    return "".join(parts).encode()


def _workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("流水")
    for number, row in enumerate(_TABLE):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return stream.getvalue()
