"""Reads a Li & Lim instance for the peers: whole numbers, SCALE to one unit of the file, durations rounded up."""
import math
import sys

SCALE = 1000


class Instance:
    def __init__(self, path):
        rows = [[int(x) for x in line.split()] for line in open(path) if line.strip()]
        self.vehicles, self.capacity = rows[0][0], rows[0][1]
        self.nodes = rows[1:]
        self.size = len(self.nodes)
        self.pairs = [(i, n[8]) for i, n in enumerate(self.nodes) if i and n[7] == 0]
        real = [[math.hypot(a[1] - b[1], a[2] - b[2]) * SCALE for b in self.nodes] for a in self.nodes]
        self.distance = [[round(x) for x in row] for row in real]
        self.duration = [[math.ceil(x - 1e-6) for x in row] for row in real]

    def window(self, i):
        return self.nodes[i][4] * SCALE, self.nodes[i][5] * SCALE

    def service(self, i):
        return self.nodes[i][6] * SCALE

    def vehicle_cost(self):
        """More than any plan is long: no distance is worth a vehicle."""
        return 2 * sum(self.distance[0][p] + self.distance[p][d] + self.distance[d][0] for p, d in self.pairs) // max(1, len(self.pairs)) * 10


def arguments():
    return Instance(sys.argv[1]), float(sys.argv[2])


def show(routes):
    for i, route in enumerate((r for r in routes if r), 1):
        print(f"Route {i} :", *route)
