"""The package itself: content types, relationships, parts nothing leads to."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from salesxl.ooxml.lint.model import Context, Relation
from salesxl.ooxml.lint.stream import children, linked_ids, local

TYPES = "[Content_Types].xml"

# Relationship kind → how the content type of its target must end.
_EXPECTED = {
    "officeDocument": "main+xml",
    "worksheet": "worksheet+xml",
    "chartsheet": "chartsheet+xml",
    "sharedStrings": "sharedStrings+xml",
    "styles": "styles+xml",
    "theme": "theme+xml",
    "table": "table+xml",
    "drawing": "drawing+xml",
    "chart": "chart+xml",
    "comments": "comments+xml",
    "pivotTable": "pivotTable+xml",
    "pivotCacheDefinition": "pivotCacheDefinition+xml",
    "pivotCacheRecords": "pivotCacheRecords+xml",
    "calcChain": "calcChain+xml",
    "externalLink": "externalLink+xml",
    "vmlDrawing": "vmlDrawing",
}


def check_parts(context: Context) -> None:
    """Read all relationships into `context`, then say what does not fit together."""
    names = [name for name in sorted(context.package.parts) if not name.endswith("/")]
    context.parts = {name.casefold(): name for name in names}
    for name in names:
        if name.endswith(".rels"):
            _relations(context, name)
    defaults, overrides = _types(context)
    for name in names:
        if name == TYPES or name.startswith("[trash]/"):  # left behind by Excel itself
            continue
        ending = name.rpartition(".")[2].casefold() if "." in name else ""
        if name.casefold() not in overrides and ending not in defaults:
            context.findings.add("part_without_type", name)
    for source, relations in context.relations.items():
        for relation in relations:
            target = context.find(relation.target) if relation.target else None
            if target is None:
                continue
            ending = target.rpartition(".")[2].casefold()
            found = overrides.get(target.casefold(), defaults.get(ending, ""))
            expected = _EXPECTED.get(relation.kind)
            if expected and found and not found.casefold().endswith(expected.casefold()):
                context.findings.add(
                    "wrong_type", target, kind=relation.kind, found=found, source=source
                )
    _orphans(context, names)


def _types(context: Context) -> tuple[dict[str, str], dict[str, str]]:
    """Content types by ending and by part, casefolded."""
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    types = context.find(TYPES)
    tree = context.read(types) if types else None
    if tree is None:
        if types is None:
            context.findings.add("no_types", TYPES)
        return defaults, dict.fromkeys(context.parts, "")
    for entry in children(tree.root, "Default"):
        ending = entry.get("Extension", "").casefold()
        if ending in defaults:
            context.findings.add("type_twice", TYPES, ending)
        defaults[ending] = entry.get("ContentType", "")
    for entry in children(tree.root, "Override"):
        part = entry.get("PartName", "")
        key = unquote(part).lstrip("/").casefold()
        if key in overrides:
            context.findings.add("type_twice", TYPES, part)
        elif key not in context.parts:
            context.findings.add("override_without_part", TYPES, part)
        overrides[key] = entry.get("ContentType", "")
    return defaults, overrides


def _relations(context: Context, rels: str) -> None:
    folder, name = posixpath.split(rels)
    base = posixpath.dirname(folder)
    source = posixpath.join(base, name.removesuffix(".rels"))
    tree = context.read(rels)
    if tree is None:
        return
    if source and context.find(source) is None:
        context.findings.add("rels_without_part", rels, source=source)
    found: list[Relation] = []
    seen: set[str] = set()
    for entry in children(tree.root, "Relationship"):
        identity = entry.get("Id", "")
        if identity in seen:
            context.findings.add("relation_twice", rels, identity)
        seen.add(identity)
        found.append(_relation(context, rels, base, identity, entry))
    context.relations[context.find(source) or source] = tuple(found)


def _relation(context: Context, rels: str, base: str, identity: str, entry: Element) -> Relation:
    kind = entry.get("Type", "").rsplit("/", 1)[-1]
    target = entry.get("Target", "")
    if entry.get("TargetMode") == "External":
        return Relation(identity, kind, "")
    path = unquote(target).partition("#")[0]
    path = posixpath.normpath(posixpath.join("/", base, path)).lstrip("/") if path else ""
    if path and context.find(path) is None and target.casefold() != "null":
        context.findings.add("relation_dangling", rels, identity, target=target, kind=kind)
    return Relation(identity, kind, path)


def check_ids(context: Context, part: str, used: list[tuple[str, str]], tab: str = "") -> None:
    """Every relationship id an element names must exist."""
    known = {relation.id for relation in context.relations.get(part, ())}
    for element, identity in dict.fromkeys(used):
        if identity and identity not in known:
            context.findings.add(
                "relation_missing", part, "", tab=tab, element=local(element), id=identity
            )


def _orphans(context: Context, names: list[str]) -> None:
    reached = {TYPES.casefold()}
    todo = [""]
    while todo:
        part = todo.pop()
        folder, name = posixpath.split(part)
        reached.add(posixpath.join(folder, "_rels", f"{name}.rels").casefold())
        for relation in context.relations.get(part, ()):
            target = context.find(relation.target) if relation.target else None
            if target is not None and target.casefold() not in reached:
                reached.add(target.casefold())
                todo.append(target)
    for name in names:
        left_out = name.endswith(".rels") or name.startswith("[trash]/")
        if name.casefold() not in reached and not left_out:
            context.findings.add("orphan_part", name)


def check_rest(context: Context) -> None:
    """Parts no other check has read must at least be well-formed, or Excel repairs the file."""
    for name in sorted(context.parts.values()):
        if name not in context.seen and name.endswith((".xml", ".rels")):
            _check_links(context, name)


def _check_links(context: Context, name: str) -> None:
    used: list[tuple[str, str]] = []
    context.walk(name, lambda tag, found: used.extend(linked_ids(tag, found)))
    check_ids(context, name, used)
