"""What a parser of XML can be hurt with, and what is no diagram at all."""

from collections.abc import Iterator

from tests.wild.drawing import MODEL, drawn, line, whole
from tests.wild.hostile.made import Hostile, one, plain


def xml() -> Iterator[Hostile]:
    """What a parser of XML can be hurt with."""
    declared = plain().decode().partition("\n")[2]

    def under(doctype: str, body: str = declared) -> bytes:
        return f'<?xml version="1.0"?>\n{doctype}\n{body}'.encode()

    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(12)
    )
    body = declared.replace('name="a"', 'name="&l11;"')
    yield one("an entity bomb", under(f"<!DOCTYPE d [{laughs}]>", body))
    blow = f'<!DOCTYPE d [<!ENTITY b "{"b" * 100_000}">]>'
    body = declared.replace('name="a"', f'name="{"&b;" * 1_000}"')
    yield one("a quadratic bomb", under(blow, body))
    for name, where in (
        ("passwd", "file:///etc/passwd"),
        ("the net", "http://127.0.0.1:9/x"),
        ("a device", "file:///dev/zero"),
    ):
        entity = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{where}">]>'
        yield one(f"an entity of {name}", under(entity, declared.replace('name="a"', 'name="a"')))
        used = declared.replace("<bpmn:startEvent", "&x;<bpmn:startEvent", 1)
        yield one(f"an entity of {name}, used", under(entity, used))
    parameter = '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>'
    yield one("a parameter entity", under(parameter))
    yield one("a foreign document type", under('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">'))
    yield one("a document type in small letters", under("<!doctype html>"))
    yield one("a bare document type", under("<!DOCTYPE definitions>"))
    for coding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        text = f'<?xml version="1.0" encoding="{coding}"?><!DOCTYPE d [<!ENTITY x "y">]>{declared}'
        yield one(f"a document type in {coding}", text.encode(coding))
    utf7 = '<?xml version="1.0" encoding="utf-7"?>+ADw-d+AD4-'
    yield one("UTF-7", utf7.encode())
    yield one("a coding that there is not", plain().replace(b'"UTF-8"', b'"klingon"'))
    yield one("a coding that lies", plain().replace(b'"UTF-8"', b'"UTF-16"'))
    yield one("EBCDIC", plain().decode().encode("cp500"))
    yield one("bytes that are no UTF-8", plain().replace(b'name="a"', b'name="\xff\xfe\xc3\x28"'))
    yield one("NUL bytes", plain().replace(b'name="a"', b'name="a\x00b"'))
    yield one("control characters", plain().replace(b'name="a"', b'name="\x01\x08"'))
    yield one("a forbidden character", plain().replace(b'name="a"', b'name="&#0;&#xFFFE;"'))
    yield one("nothing", b"")
    yield one("blanks", b" \n\t " * 1000)
    yield one("a NUL alone", b"\0" * 5000)
    yield one("cut off", plain()[:-40])
    yield one("two documents", plain() + plain())
    yield one("text behind it", plain() + b"<script>alert(1)</script>")
    yield one("deeply nested", _nested(5_000))
    yield one("very deeply nested", _nested(200_000))
    yield one("very wide", drawn(line("a") + "<textAnnotation />" * 30_000))
    yield one("a gigantic attribute", _named("x" * 3_000_000))
    yield one("a large attribute", _named("x" * 1_000_000), refused=False)
    yield one(
        "a gigantic text", drawn(line("a") + f"<documentation>{'y' * 3_000_000}</documentation>")
    )
    many = " ".join(f'a{n}="1"' for n in range(50_000))
    yield one("50,000 attributes", drawn(line("a").replace('name="a"', many)), refused=False)
    spaces = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000))
    yield one("20,000 namespaces", drawn(line("a").replace('name="a"', spaces)), refused=False)
    yield one("three megabytes of comment", plain() + b"<!--" + b"-+" * 1_500_000 + b"-->")
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    )
    yield one("an XInclude", drawn(line("a") + include), refused=False)
    sheet = b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'
    yield one("a style sheet", plain().replace(b"?>\n", b"?>\n" + sheet, 1), refused=False)


def _nested(depth: int) -> bytes:
    inner = "<subProcess>" * depth + "</subProcess>" * depth
    return drawn(line("a") + inner)


def _named(name: str) -> bytes:
    return drawn(line("a").replace('name="a"', f'name="{name}"'))


def foreign() -> Iterator[Hostile]:
    """What is no BPMN diagram at all, under a diagram's name."""
    yield one("HTML", b"<!doctype html><html><body onload=alert(1)></body></html>")
    yield one("XHTML", b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>')
    yield one("SVG", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    yield one("a JSON text", b'{"definitions": []}')
    yield one("YAML with a tag", b"!!python/object/apply:os.system ['id']")
    yield one("a pickle", b"\x80\x04\x95cos\nsystem\n(S'id'\ntR.")
    yield one("a ZIP file", b"PK\x03\x04" + b"\0" * 200)
    yield one("a gzip bomb", b"\x1f\x8b\x08" + b"\0" * 200)
    yield one("no namespace", plain().replace(MODEL.encode(), b""))
    yield one("another namespace", plain().replace(b"20100524", b"20110524"))
    yield one("BPMN 1", plain().replace(MODEL.encode(), b"http://schema.omg.org/spec/BPMN/2.0"))
    yield one("a WSDL", b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>')
    yield one("a process as the root", f'<process xmlns="{MODEL}" id="p"/>'.encode())
    yield one("no process", whole(""))
    yield one("a process without anything", drawn(""))
    yield one("a DMN table", b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>')
    yield one("a path as a name", plain(), file="../../etc/p.bpmn", refused=False)
    yield one("a name that is long", plain(), file="p" * 3_000 + ".bpmn", refused=False)
    yield one("a name that breaks lines", plain(), file="p\r\nX: y.bpmn", refused=False)
