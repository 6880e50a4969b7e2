"""HTML: the article of a page by trafilatura, or a fragment as it stands."""

from __future__ import annotations

import re
from typing import Any

from index.articles import Article
from index.sources.decoding import decode
from index.sources.draft import Draft
from index.sources.metadata import Metadata, from_fields
from index.sources.outcome import Unreadable

# Tags of HTML and of trafilatura's own tree, which calls a heading "head" and a break "lb".
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
_ITEMS = frozenset({"li", "item", "dd", "dt"})
_CELLS = frozenset({"td", "th", "cell"})
_ROWS = frozenset({"tr", "row"})
_BREAKS = frozenset({"br", "lb"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "body", "blockquote", "quote", "ul", "ol", "list"}
    | {"dl", "table", "tbody", "thead", "tfoot", "figure", "figcaption", "caption", "hr", "center"}
    | {"address", "details", "summary", "fieldset"}
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "pre", "svg", "math", "iframe", "object", "nav"}
    | {"footer", "form", "button", "select", "textarea", "title", "meta", "link", "graphic"}
    | {"canvas", "video", "audio", "aside"}
)
_MOST_DEPTH = 400
_CHARSET = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([\w-]{3,40})", re.IGNORECASE)


def read_html(key: str, data: bytes) -> Article:
    """Reads an HTML page: the article's text, title, author, date, site and link.

    Raises:
        Unreadable: If it is empty, nested too deeply, or holds no text of its own.
    """
    if not data.strip():
        raise Unreadable("is empty")
    root = _tree(_decoded(data))
    if _depth(root) > _MOST_DEPTH:
        raise Unreadable(f"has tags nested more than {_MOST_DEPTH} deep; no article is")
    found = _extracted(root)
    said = _said(found, root)
    draft = Draft()
    fill(draft, found.body if found is not None and found.body is not None else _body(root))
    try:
        return draft.article(key, said)
    except Unreadable:
        return _whole_page(key, root, said)


def fragment(draft: Draft, markup: str) -> None:
    """Adds a piece of HTML, as feeds carry it, to a draft; text without tags is one too."""
    if "<" not in markup and "&" not in markup:
        for part in re.split(r"\n\s*\n", markup):
            draft.paragraph(part)
        return
    root = _tree(f"<html><body><div>{markup}</div></body></html>")
    if _depth(root) > _MOST_DEPTH:
        raise Unreadable(f"has tags nested more than {_MOST_DEPTH} deep; no article is")
    fill(draft, _body(root))


def fill(draft: Draft, body: Any) -> None:
    """Adds the text below an element, block by block; walks without recursion."""
    from lxml import etree

    collector = _Collector(draft)
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else None
        if event == "start":
            if tag is None or tag in _SILENT or _is_code_block(element, tag):
                walk.skip_subtree()
            else:
                collector.start(tag)
                collector.text(element.text)
        else:
            if tag is not None and tag not in _SILENT:
                collector.end(tag)
            if element is not body:
                collector.text(element.tail)
    collector.end("body")


class _Collector:
    """Draws running text together until a block ends."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._pieces: list[str] = []
        self._cells: list[str] = []
        self._open = {"heading": 0, "item": 0, "row": 0}

    def text(self, text: str | None) -> None:
        if text:
            self._pieces.append(re.sub(r"\s+", " ", text))

    def start(self, tag: str) -> None:
        if tag in _BREAKS:
            self._pieces.append("\n")
        elif (tag in _BLOCKS or _kind(tag)) and not self._open["row"]:
            self._flush()
        elif self._open["row"] and tag not in _CELLS:
            self._pieces.append(" ")
        if kind := _kind(tag):
            self._open[kind] += 1

    def end(self, tag: str) -> None:
        if tag in _CELLS:
            self._cells.append(self._taken())
        elif tag in _ROWS:
            if self._open["row"] == 1:
                self._draft.row([*self._cells, self._taken()] if self._pieces else self._cells)
                self._cells = []
        elif (tag in _BLOCKS or _kind(tag)) and not self._open["row"]:
            self._flush()
        if kind := _kind(tag):
            self._open[kind] = max(0, self._open[kind] - 1)

    def _flush(self) -> None:
        text = self._taken()
        if self._open["heading"]:
            self._draft.heading(text)
        elif self._open["item"]:
            self._draft.item(text)
        else:
            self._draft.paragraph(text)

    def _taken(self) -> str:
        text = "".join(self._pieces)
        self._pieces = []
        return text


def _kind(tag: str) -> str | None:
    if tag in _HEADINGS:
        return "heading"
    if tag in _ITEMS:
        return "item"
    return "row" if tag in _ROWS else None


def _is_code_block(element: Any, tag: str) -> bool:
    parent = element.getparent()
    return tag == "code" and parent is not None and parent.tag in ("body", "div", "code")


def _decoded(data: bytes) -> str:
    """Decodes a page: what its own ``<meta charset>`` says, if it holds, else by its bytes."""
    match = _CHARSET.search(data, 0, 4096)
    if match and match[1].lower() not in (b"utf-8", b"utf8", b"utf-16"):
        try:
            return data.decode(match[1].decode("ascii"))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data)


def _tree(markup: str) -> Any:
    from lxml import etree, html

    # A declared encoding makes lxml refuse text that is decoded already.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup, count=1)
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Unreadable("contains no text: no HTML that can be read") from None
    return root


def _body(root: Any) -> Any:
    body = root.find("body")
    return root if body is None else body


def _depth(root: Any) -> int:
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _extracted(root: Any) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        root,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "outputformat": "%Y-%m-%d",
            "max_date": "2100-01-01",
        },
    )


def _said(found: Any, root: Any) -> Metadata:
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    if found is None:
        title = root.findtext(".//title")
        return from_fields({"title": title, "language": language})
    return from_fields(
        {
            "title": found.title,
            "author": found.author,
            "date": found.date,
            "source": found.sitename,
            "url": found.url,
            "language": found.language or language,
        }
    )


def _whole_page(key: str, root: Any, said: Metadata) -> Article:
    """Takes all of a page's text where trafilatura found no article in it."""
    draft = Draft()
    fill(draft, _body(root))
    try:
        return draft.article(key, said)
    except Unreadable:
        raise Unreadable("contains no text: only scripts, pictures or navigation") from None
