"""A small building as IFC text: walls on a storey, each with a property set."""


def wall_guid(number):
    return f"0wall{number:05d}xxxxxxxxxxxA"


GUIDS = {"W-1": wall_guid(1), "W-2": wall_guid(2)}


EARLIER, LATER = "2026-01-01T00:00:00", "2026-02-02T12:00:00"


def model(values=None, start=1, spelling="native", salt="", stamp=EARLIER, count=2):
    """The text. `values`: {"W-1": {"FireRating": "REI 60", "Name": "other"}}. Another `start` and `spelling`
    "exported" write the same building as an exporter would: other ids, order, white space, and, with a `salt`, other
    GlobalIds of property sets and relations. `stamp`: when it was written, by its header. `count`: of walls."""
    values = values or {}
    lines, ids = [], iter(range(start, start + 10000))

    def add(text):
        number = next(ids)
        lines.append((number, text))
        return f"#{number}"

    def guid(text):
        return (text + salt + "0" * 22)[:22]

    point = add("IFCCARTESIANPOINT((0.,0.,0.))")
    axis = add(f"IFCAXIS2PLACEMENT3D({point},$,$)")
    context = add(f"IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,{axis},$)")
    metre = add("IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)")
    units = add(f"IFCUNITASSIGNMENT(({metre}))")
    project = add(f"IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,({context}),{units})")
    place = add(f"IFCLOCALPLACEMENT($,{axis})")
    building = add(f"IFCBUILDING('0building0000000000000',$,'House',$,$,{place},$,$,.ELEMENT.,$,$,$)")
    storey = add(f"IFCBUILDINGSTOREY('0storey000000000000000',$,'Level 1',$,$,{place},$,$,.ELEMENT.,0.)")
    add(f"IFCRELAGGREGATES('{guid('0relproject')}',$,$,$,{project},({building}))")
    add(f"IFCRELAGGREGATES('{guid('0relbuilding')}',$,$,$,{building},({storey}))")
    walls = []
    for number in range(1, count + 1):
        name = f"W-{number}"
        of_wall = {"Name": name, "FireRating": "REI 60", "LoadBearing": ".T.", "Reference": "A", "X": "1."}
        of_wall.update(values.get(name, {}))
        at = add(f"IFCCARTESIANPOINT(({of_wall['X']},{len(walls)}.,0.))")
        here = add(f"IFCAXIS2PLACEMENT3D({at},$,$)")
        wall_place = add(f"IFCLOCALPLACEMENT({place},{here})")
        wall = add(f"IFCWALL('{wall_guid(number)}',$,'{of_wall['Name']}',$,$,{wall_place},$,$,.STANDARD.)")
        properties = [add(f"IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('{of_wall['FireRating']}'),$)"),
                      add(f"IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN({of_wall['LoadBearing']}),$)"),
                      add(f"IFCPROPERTYSINGLEVALUE('Reference',$,IFCIDENTIFIER('{of_wall['Reference']}'),$)")]
        pset = add(f"IFCPROPERTYSET('{guid(f'0pset{number:05d}')}',$,'Pset_WallCommon',$,({','.join(properties)}))")
        add(f"IFCRELDEFINESBYPROPERTIES('{guid(f'0relpset{number:05d}')}',$,$,$,({wall}),{pset})")
        walls.append(wall)
    add(f"IFCRELCONTAINEDINSPATIALSTRUCTURE('{guid('0relcontained')}',$,$,$,({','.join(walls)}),{storey})")

    if spelling == "exported":
        lines.reverse()
    written = [f"#{number}={text};" if spelling == "native" else f"#{number}= {text.replace('1.,', '1.0000,')};"
               for number, text in lines]
    return "\n".join(["ISO-10303-21;", "HEADER;", "FILE_DESCRIPTION((''),'2;1');",
                      f"FILE_NAME('house.ifc','{stamp}',(''),(''),'','','');", "FILE_SCHEMA(('IFC4'));", "ENDSEC;",
                      "DATA;", *written, "ENDSEC;", "END-ISO-10303-21;", ""])


def exported(values=None, salt="x", **more):
    return model(values, **{"start": 500, "spelling": "exported", "salt": salt, "stamp": LATER, **more})
