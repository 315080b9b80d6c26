#!/usr/bin/env python3
"""Writes the tables in src/schema/data/ from what PyPI's ifcopenshell knows about the IFC schemas.

    pip install ifcopenshell==0.9.0.post1
    tools/generate_schema.py            writes the tables
    tools/generate_schema.py --check    exit 1 when the committed tables differ; 77 when the package is not installed

A table is text inside a C++ raw string literal, so that src/schema/tables.cpp can include it. One line per declaration,
its parts on the lines below, indented by a space; names as the schema spells them, and only names from lines above
(types before the types made of them, supertypes before their subtypes), but for what an attribute refers to:

    schema NAME
    type NAME [AGGREGATE...] STRING|REAL|INTEGER|NUMBER|BOOLEAN|LOGICAL|BINARY|TYPE|ENTITY
    enum NAME ITEM...
    select NAME MEMBER...
    entity NAME SUPERTYPE|- [abstract]       in pre-order
     NAME [?] [AGGREGATE...] TYPE            attribute; ? optional; AGGREGATE: LIST[2:?] or LIST[2:?]UNIQUE
     derive NAME                             an inherited attribute that is derived from here on: "*" in files
     inverse NAME LOWER:UPPER ENTITY.ATTRIBUTE
     unique LABEL ATTRIBUTE...
"""
import pathlib
import sys

PACKAGE = "0.9.0.post1"
DATA = pathlib.Path(__file__).resolve().parent.parent / "src/schema/data"
SCHEMAS = {"ifc2x3": "IFC2X3", "ifc4": "IFC4", "ifc4x3": "IFC4X3_ADD2"}

# The package describes neither the UNIQUE clauses nor the UNIQUE of aggregates. Both are listed here as the EXPRESS
# schemas of buildingSMART have them; this is all there is.
UNIQUE_RULES = {
    "IfcRoot UR1 GlobalId": "ifc2x3 ifc4 ifc4x3",
    "IfcApplication UR1 ApplicationIdentifier": "ifc2x3 ifc4 ifc4x3",
    "IfcApplication UR2 ApplicationFullName Version": "ifc2x3 ifc4 ifc4x3",
    "IfcPropertyEnumeration UR1 Name": "ifc2x3 ifc4 ifc4x3",
    "IfcActionRequest UR2 RequestID": "ifc2x3",
    "IfcCostSchedule UR2 ID": "ifc2x3",
    "IfcOrderAction UR2 ActionID": "ifc2x3",
    "IfcPermit UR2 PermitID": "ifc2x3",
    "IfcProjectOrder UR2 ID": "ifc2x3",
    "IfcFuelProperties UR11 Material": "ifc2x3",
    "IfcGeneralMaterialProperties UR11 Material": "ifc2x3",
    "IfcHygroscopicMaterialProperties UR11 Material": "ifc2x3",
    "IfcMechanicalMaterialProperties UR11 Material": "ifc2x3",
    "IfcOpticalMaterialProperties UR11 Material": "ifc2x3",
    "IfcProductsOfCombustionProperties UR11 Material": "ifc2x3",
    "IfcThermalMaterialProperties UR11 Material": "ifc2x3",
    "IfcWaterProperties UR11 Material": "ifc2x3",
}
# The number is the nesting level of the aggregate that is UNIQUE.
UNIQUE_AGGREGATES = {
    "IfcGrid.UAxes 0": "ifc2x3 ifc4 ifc4x3",
    "IfcGrid.VAxes 0": "ifc2x3 ifc4 ifc4x3",
    "IfcGrid.WAxes 0": "ifc2x3 ifc4 ifc4x3",
    "IfcPath.EdgeList 0": "ifc2x3 ifc4 ifc4x3",
    "IfcPolyLoop.Polygon 0": "ifc2x3 ifc4 ifc4x3",
    "IfcPropertyEnumeration.EnumerationValues 0": "ifc2x3 ifc4 ifc4x3",
    "IfcPropertyTableValue.DefiningValues 0": "ifc2x3 ifc4 ifc4x3",
    "IfcTypeProduct.RepresentationMaps 0": "ifc2x3 ifc4 ifc4x3",
    "IfcVirtualGridIntersection.IntersectingAxes 0": "ifc2x3 ifc4 ifc4x3",
    "IfcConstraintAggregationRelationship.RelatedConstraints 0": "ifc2x3",
    "IfcMove.PunchList 0": "ifc2x3",
    "IfcProjectOrderRecord.Records 0": "ifc2x3",
    "IfcIndexedPolygonalFaceWithVoids.InnerCoordIndices 1": "ifc4 ifc4x3",
    "IfcStructuralLoadConfiguration.Locations 0": "ifc4 ifc4x3",
    "IfcPolygonalFaceSet.Faces 0": "ifc4x3",
    "IfcTextureCoordinateIndicesWithVoids.InnerTexCoordIndices 1": "ifc4x3",
}


def kind(thing):
    return type(thing).__name__


def bounds(lower, upper, separator=":"):
    return f"{lower}{separator}{'?' if upper < 0 else upper}"


def spell(shape, unique=()):
    """Aggregates, then the name of what they are made of: "LIST[1:?] LIST[3:3] IfcLengthMeasure"."""
    words = []
    while kind(shape) == "aggregation_type":
        words.append(f"{shape.type_of_aggregation_string().upper()}[{bounds(shape.bound1(), shape.bound2())}]")
        shape = shape.type_of_element()
    for level in unique:
        words[level] += "UNIQUE"
    named = kind(shape) == "named_type"
    return " ".join([*words, shape.declared_type().name() if named else shape.declared_type().upper()])


def in_order(declarations):
    """Types after those they are made of; otherwise by name."""
    types = {d.name(): d for d in declarations if kind(d) != "entity"}
    done = {}

    def members(declaration):
        if kind(declaration) == "select_type":
            return [member.name() for member in declaration.select_list()]
        return spell(declaration.declared_type()).split() if kind(declaration) == "type_declaration" else []

    def visit(name):
        if name in types and name not in done:
            for member in members(types[name]):
                visit(member)
            done[name] = types[name]

    for name in sorted(types):
        visit(name)
    return done.values()


def type_lines(declarations):
    for declaration in in_order(declarations):
        if kind(declaration) == "type_declaration":
            yield f"type {declaration.name()} {spell(declaration.declared_type())}"
        elif kind(declaration) == "enumeration_type":
            yield " ".join(["enum", declaration.name(), *declaration.enumeration_items()])
        else:
            yield " ".join(["select", declaration.name(), *(member.name() for member in declaration.select_list())])


def inverse_line(inverse):
    single = not inverse.type_of_aggregation_string()  # Neither SET nor BAG: exactly one.
    count = "1:1" if single else bounds(inverse.bound1(), inverse.bound2())
    target = f"{inverse.entity_reference().name()}.{inverse.attribute_reference().name()}"
    return f" inverse {inverse.name()} {count} {target}"


def facts_of(table, version):
    """The keys of a table above that hold for this version, as lists of words, by entity."""
    facts = {}
    for key, versions in table.items():
        if version in versions.split():
            entity, *words = key.replace(".", " ").split()
            facts.setdefault(entity, []).append(words)
    return facts


def entity_lines(entity, rules, aggregates):
    supertype = entity.supertype()
    yield f"entity {entity.name()} {supertype.name() if supertype else '-'}{' abstract' if entity.is_abstract() else ''}"
    for attribute in entity.attributes():
        unique = [int(level) for name, level in aggregates.get(entity.name(), []) if name == attribute.name()]
        optional = "? " if attribute.optional() else ""
        yield f" {attribute.name()} {optional}{spell(attribute.type_of_attribute(), unique)}"
    above = list(supertype.derived()) if supertype else []
    for position, attribute in enumerate(entity.all_attributes()):
        if entity.derived()[position] and not (position < len(above) and above[position]):
            yield f" derive {attribute.name()}"
    for inverse in entity.inverse_attributes():
        yield inverse_line(inverse)
    for rule in rules.get(entity.name(), []):
        yield " ".join([" unique", *rule])


def table_of(version, schema):
    rules, aggregates = facts_of(UNIQUE_RULES, version), facts_of(UNIQUE_AGGREGATES, version)
    yield f"# Made by tools/generate_schema.py from ifcopenshell {PACKAGE}. Not edited by hand."
    yield f"schema {schema.name()}"
    yield from type_lines(schema.declarations())
    entities = {d.name(): d for d in schema.declarations() if kind(d) == "entity"}
    below = {}
    for name in sorted(entities, reverse=True):
        supertype = entities[name].supertype()
        below.setdefault(supertype.name() if supertype else None, []).append(name)
    waiting = below[None][:]
    while waiting:
        name = waiting.pop()
        yield from entity_lines(entities[name], rules, aggregates)
        waiting += below.get(name, [])


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    try:
        import ifcopenshell
    except ImportError:
        print(f"ifcopenshell is not installed: pip install ifcopenshell=={PACKAGE}", file=sys.stderr)
        return 77
    if ifcopenshell.version != PACKAGE:
        print(f"ifcopenshell {ifcopenshell.version} is installed; the tables are made from {PACKAGE}", file=sys.stderr)
        return 77
    differing = 0
    for version, name in SCHEMAS.items():
        schema = ifcopenshell.ifcopenshell_wrapper.schema_by_name(name)
        text = 'R"(' + "\n".join(table_of(version, schema)) + '\n)"\n'
        path = DATA / f"{version}.txt"
        if not check:
            DATA.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.name} differs from what the package says", file=sys.stderr)
            differing = 1
    return differing


if __name__ == "__main__":
    sys.exit(main())
