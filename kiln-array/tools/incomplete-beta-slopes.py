"""Derivatives of the incomplete beta function by its shapes, by mpmath, for IncompleteBetaSlopesTest.

python3 kiln-array/tools/incomplete-beta-slopes.py > kiln-array/src/test/resources/oracles/incomplete-beta-slopes.csv

The series of I in powers of x, or of 1 - I in powers of 1 - x, differentiated term by term with as many digits as the smallest row needs;
for shapes from 1e6 on the integral of the density times the derivative of its logarithm, from the side on which that keeps its sign. A row is:
a, b, x, dI/da, dI/db.
"""
import mpmath as mp


def series(a, b, x):
    """dI/da and dI/db where x <= 1/2."""
    common = mp.psi(0, a + b)
    prefix = mp.exp(a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b))
    term, by_a, by_b = mp.mpf(1), mp.mpf(0), mp.mpf(0)
    sums = [mp.mpf(0)] * 3
    n = 0
    while True:
        sums[0] += term
        sums[1] += term * (by_b - by_a)
        sums[2] += term * by_b
        up, down = a + b + n, a + 1 + n
        ratio = up * x / down
        term *= ratio
        by_b += 1 / up
        by_a += 1 / down
        n += 1
        if ratio < 0.99 and term * (1 + by_a + by_b) < mp.eps * sums[0] * mp.mpf(10) ** -10:
            break
    first = mp.log(x) - mp.psi(0, a) - 1 / a + common
    second = mp.log1p(-x) - mp.psi(0, b) + common
    return prefix * (first * sums[0] + sums[1]), prefix * (second * sums[0] + sums[2])


def integral(a, b, x):
    """dI/da for large a or b."""
    y = 1 - x
    mean = mp.psi(0, a) - mp.psi(0, a + b)
    norm = -mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    points = [mp.mpf(0)] + [mp.mpf(2) ** k for k in range(-10, 8)]
    # The height at x stands before the integral: the rule ends by an absolute error.
    if mp.log(x) < mean:
        width = min(a, mp.sqrt(a))
        height = mp.exp(norm + a * mp.log(x) + (b - 1) * mp.log(y))
        f = lambda s: mp.exp(-a * s + (b - 1) * mp.log((1 - x * mp.exp(-s)) / y)) * (mp.log(x) - s - mean)
    else:
        width = min(b, mp.sqrt(b))
        height = -mp.exp(norm + b * mp.log(y) + (a - 1) * mp.log(x))
        f = lambda s: mp.exp(-b * s + (a - 1) * mp.log((1 - y * mp.exp(-s)) / x)) * (mp.log1p(-y * mp.exp(-s)) - mean)
    return height * mp.quad(lambda r: f(r / width), points) / width


def row(a, b, x):
    a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    if max(a, b) >= 1e6 and (a + b) * min(x, 1 - x) > 2000:
        mp.mp.dps = 60
        both = integral(a, b, x), -integral(b, a, 1 - x)
    else:
        mp.mp.dps = 60
        size = a * mp.log(x) + b * mp.log1p(-x)
        mp.mp.dps = 400 if size < -100 else 80
        if x <= 0.5:
            both = series(a, b, x)
        else:
            by_b, by_a = series(b, a, 1 - x)
            both = -by_a, -by_b
    if min(abs(v) for v in both) > 1e-300:
        print(",".join([mp.nstr(v, 17) for v in (a, b, x)] + [mp.nstr(v, 20) for v in both]), flush=True)


shapes = [1e-3, 0.05, 0.7, 1, 3, 40, 1e4]
pairs = [(a, b) for a in shapes for b in shapes] + [(1e6, 0.5), (0.5, 1e6), (1e6, 2e6), (1e8, 0.5), (1e8, 30)]
for a, b in pairs:
    seen = set()
    for k in (-30, -8, -3, -1, -0.2, 0, 0.3, 1.5, 4, 9, 25):
        mp.mp.dps = 60
        t = mp.log(mp.mpf(a) / b) + k * mp.sqrt(1 / mp.mpf(a) + 1 / mp.mpf(b))
        x = float(1 / (1 + mp.exp(-t))) if abs(t) < 690 else 0.0
        if 1e-299 < x < 1 and x not in seen:
            seen.add(x)
            row(a, b, x)
