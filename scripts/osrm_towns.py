"""Writes a small road map as OSM XML: towns between Fengxiang and Wuhan, the roads between them, and an island that no road reaches.

Usage: osrm_towns.py > towns.osm. The towns' points are the county points of server/places/data (rounded); each road runs straight from point
to point, so that its length is the great circle's and a test can say what it must be. Nothing of it is a real road.
"""
import sys

TOWNS = {  # name: (longitude, latitude)
    "fengxiang": (107.40, 34.52),
    "baoji": (107.15, 34.37),
    "xian": (108.94, 34.34),
    "shangnan": (110.88, 33.53),
    "shiyan": (110.79, 32.65),
    "xiangyang": (112.14, 32.04),
    "suizhou": (113.37, 31.72),
    "xiaogan": (113.92, 30.93),
    "wuhan": (114.30, 30.60),
    "taibai": (107.32, 34.06),
    "island": (108.00, 33.20),  # two ends of a road that meets no other
    "islet": (108.05, 33.20),
}
ROADS = [  # from, to, kilometres per hour, one way
    ("fengxiang", "baoji", 60, False),
    ("fengxiang", "xian", 90, False),
    ("baoji", "xian", 90, False),
    ("baoji", "taibai", 40, True),  # down into the valley; the way back is closed
    ("xian", "shangnan", 90, False),
    ("shangnan", "xiangyang", 90, False),
    ("shangnan", "shiyan", 60, False),
    ("shiyan", "xiangyang", 90, False),
    ("xiangyang", "suizhou", 90, False),
    ("suizhou", "xiaogan", 90, False),
    ("xiaogan", "wuhan", 90, False),
    ("island", "islet", 60, False),
]


def main(out):
    number = {name: i for i, name in enumerate(TOWNS, 1)}
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="osrm_towns.py">\n')
    for name, (lon, lat) in TOWNS.items():
        out.write(f'  <node id="{number[name]}" version="1" lon="{lon}" lat="{lat}"><tag k="name" v="{name}"/></node>\n')
    for i, (a, b, speed, one_way) in enumerate(ROADS, 101):
        out.write(f'  <way id="{i}" version="1"><nd ref="{number[a]}"/><nd ref="{number[b]}"/>')
        out.write(f'<tag k="highway" v="trunk"/><tag k="name" v="{a} {b}"/><tag k="maxspeed" v="{speed}"/>')
        out.write(f'<tag k="oneway" v="{"yes" if one_way else "no"}"/></way>\n')
    out.write("</osm>\n")


main(sys.stdout)
