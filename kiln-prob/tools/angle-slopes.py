"""How angles follow the parameters of their distribution, by mpmath, for AngleGradientTest.

python3 kiln-prob/tools/angle-slopes.py > kiln-prob/src/test/resources/kiln/dist/angle-slopes.csv

The density is p(a) ∝ exp(k1 cos a) I0(sqrt(k2² + c² sin² a)) (1 + s sin a). The derivative of an angle is −(d/dθ ∫ p from −π to a) / p(a), here by
quadrature of the derivative of the density with 40 digits; a row is: k1, k2, c, s, angle, and the derivatives of the angle by the four parameters.
With c = 0 the angle is a von Mises one.
"""
import mpmath as mp

mp.mp.dps = 40
BELOW = 80  # in the exponent: what counts for nothing here


def log_bessel(order, r):
    """log(I_order(r) e^-r), where the function of mpmath would overflow"""
    if r < 500:
        return mp.log(mp.besseli(order, r)) - r
    mu, term, total = 4 * order**2, mp.mpf(1), mp.mpf(1)
    for k in range(1, 60):
        term *= -(mu - (2 * k - 1) ** 2) / (k * 8 * r)
        total += term
        if abs(term) < mp.mpf(10) ** -42:
            return mp.log(total / mp.sqrt(2 * mp.pi * r))
    raise ValueError(r)


def slopes(k1, k2, c, s, a):
    k1, k2, c, s, a = (mp.mpf(x) for x in (k1, k2, c, s, a))

    def log_even(t):
        r = mp.sqrt(k2**2 + (c * mp.sin(t)) ** 2)
        return k1 * (mp.cos(t) - 1) + log_bessel(0, r) + r

    def score(t):
        r = mp.sqrt(k2**2 + (c * mp.sin(t)) ** 2)
        rise = mp.exp(log_bessel(1, r) - log_bessel(0, r)) / r
        return [mp.cos(t) - 1, rise * k2, rise * c * mp.sin(t) ** 2, mp.sin(t) / (1 + s * mp.sin(t))]

    # The peak of the even part in [0, π], and where it has fallen.
    low, high = mp.mpf(0), mp.pi / 2
    for _ in range(140):
        mid = (low + high) / 2
        r = mp.sqrt(k2**2 + (c * mp.sin(mid)) ** 2)
        if c**2 * mp.cos(mid) * mp.exp(log_bessel(1, r) - log_bessel(0, r)) > k1 * r:
            low = mid
        else:
            high = mid
    mode, top = low, log_even(low)

    def end(last):
        if log_even(last) > top - BELOW:
            return last
        inside, outside = mode, last
        for _ in range(140):
            mid = (inside + outside) / 2
            if log_even(mid) > top - BELOW:
                inside = mid
            else:
                outside = mid
        return outside

    first, last = end(mp.mpf(0)), end(mp.pi)
    steps = [first + (last - first) * j / 12 for j in range(13)]
    cuts = sorted({-x for x in steps} | set(steps))

    def p(t):
        return mp.exp(log_even(t) - top) * (1 + s * mp.sin(t))

    def integrals(points):
        zero = [mp.mpf(0)] * 5
        if len(points) < 2:
            return zero
        out = []
        for which in range(5):
            f = p if which == 4 else lambda t: p(t) * score(t)[which]
            out.append(mp.quad(f, points, method="gauss-legendre", maxdegree=6))
        return out

    below = integrals([x for x in cuts if x < a] + [a])
    above = integrals([a] + [x for x in cuts if x > a])
    mass = below[4] + above[4]
    return [(below[4] * above[j] - above[4] * below[j]) / (mass * p(a)) for j in range(4)]


def rows():
    for k in ("1e-3", "0.5", "5", "200", "1e4", "1e6", "1e9"):
        scale = min(mp.mpf(1), 1 / mp.sqrt(mp.mpf(k)))
        for z in ("-2.5", "-0.3", "1", "3"):
            for s in ("0", "0.6"):
                yield k, "1", "0", s, z if scale == 1 else mp.nstr(mp.mpf(z) * scale, 6)
    # One peak, nearly a flat one, two far apart, and a second angle that hardly counts.
    for k1, k2, c, angles in (
        ("1e-3", "1e-3", "1e-3", ("-2", "1")),
        ("1e-3", "2", "40", ("-1.4", "0.5", "1.7")),
        ("300", "300", "299", ("-0.1", "0.3")),
        ("1e4", "1e4", "1e4", ("-0.05", "0.1", "0.001")),
        ("1e4", "1e4", "-9e3", ("-0.02", "0.01")),
        ("1e4", "100", "5e4", ("-1.35", "1.38", "1.36")),
        ("1e6", "5", "1e4", ("-0.01", "0.009", "0.0005")),
        ("2", "1e5", "3e5", ("-1.563", "1.57")),
        ("3e6", "2e6", "1e6", ("-1e-3", "3e-4")),
    ):
        for angle in angles:
            yield k1, k2, c, "-0.4", angle


for row in rows():
    found = slopes(*row)
    print(",".join(row) + "," + ",".join(mp.nstr(x, 20) for x in found), flush=True)
