"""Prints the polynomial coefficients used in kiln.math, with the relative error of each rounded polynomial.

Each polynomial interpolates its function at Chebyshev nodes in 60-digit arithmetic (so it is within a small factor of
minimax), is converted to powers and rounded coefficient by coefficient to double.  Run: python3 math-coefficients.py
(needs mpmath).  Nothing in the build reads this file; it documents where the numbers come from.
"""
from mpmath import mp, mpf

mp.dps = 60


def interpolate(f, lo, hi, n):
    """Monomial coefficients of the degree n-1 interpolant of f at the n Chebyshev nodes of [lo, hi]."""
    lo, hi = mpf(lo), mpf(hi)
    xs = [(lo + hi) / 2 + (hi - lo) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * n)) for k in range(n)]
    c = [f(x) for x in xs]
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (xs[i] - xs[i - j])
    p = [mpf(0)] * n
    for k in range(n - 1, -1, -1):
        p = [(p[i - 1] if i else mpf(0)) - xs[k] * p[i] for i in range(n)]
        p[0] += c[k]
    return p


def show(name, f, lo, hi, n, scale=lambda x: mpf(1), err=None):
    """scale(x): how much an error of the polynomial counts, relative to the whole function."""
    p = [float(c) for c in interpolate(f, lo, hi, n)]
    worst = mpf(0)
    for i in range(801):
        x = mpf(lo) + (mpf(hi) - mpf(lo)) * i / 800
        v = f(x)
        worst = max(worst, abs((mp.polyval(list(map(mpf, p[::-1])), x) - v) * scale(x)))
    print("%s  [%s, %s]  error %s" % (name, mp.nstr(mpf(lo), 6), mp.nstr(mpf(hi), 6), mp.nstr(worst, 3)))
    for c in p:
        print("    %r," % c)


def near(f, at, value):
    """f with the removable singularity at `at` filled in."""
    return lambda x: value if abs(x - at) < mpf(10) ** -25 else f(x)


def atanh_tail(z):
    if z < mpf(10) ** -12:
        return mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) / s - 2) / z


def atanh_tail_tail(z):
    return mpf(2) / 5 + 2 * z / 7 if z < mpf(10) ** -12 else (atanh_tail(z) - mpf(2) / 3) / z


def erf_tail(z):
    if z < mpf(10) ** -25:
        return 2 / mp.sqrt(mp.pi) - 1
    x = mp.sqrt(z)
    return mp.erf(x) / x - 1


def erfcx(x):
    with mp.workdps(60 if x < 20 else 90):
        if x < 50:
            with mp.workdps(80 + int(x * x)):
                return mp.exp(x * x) * mp.erfc(x)
        s, t, k = mpf(1), mpf(1), 0
        while abs(t) > mpf(10) ** -45 and k < 60:
            k += 1
            t *= -(2 * k - 1) / (2 * x * x)
            s += t
        return s / (x * mp.sqrt(mp.pi))


def erfcx_scaled(t):
    """(x + 3) erfcx(x), x = 3 (1 + t)/(1 - t)"""
    if t > 1 - mpf(10) ** -20:
        return 1 / mp.sqrt(mp.pi)
    x = 3 * (1 + t) / (1 - t)
    return (x + 3) * erfcx(x)


def lgamma2(e):
    if abs(e) < mpf(10) ** -25:
        return mp.psi(0, 2) + e * mp.psi(1, 2) / 2
    return mp.loggamma(2 + e) / e


def of_square(f, power, limit):
    """f(x)/x^power as a function of z = x^2."""
    return lambda z: limit if z < mpf(10) ** -9 else f(mp.sqrt(z)) / mp.sqrt(z) ** power


def of_inverse_square(f, c, power, limit):
    """x^power f(x) (x^2 + c) as a function of w = 1/(x^2 + c): what is left of an asymptotic series in 1/x^2."""
    def g(w):
        if w < mpf(10) ** -12:
            return limit
        x = mp.sqrt(1 / w - c)
        return x ** power * f(x) / w
    return g


def lgamma_rest(x):
    return mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)


def digamma_rest(x):
    return mp.log(x) - 1 / (2 * x) - mp.psi(0, x)


def trigamma_rest(x):
    return mp.psi(1, x) - 1 / x - 1 / (2 * x * x)


if __name__ == "__main__":
    h = mp.log(2) / 2 * (1 + mpf(10) ** -6)
    show("exp: (e^r - 1 - r)/r^2", near(lambda r: (mp.expm1(r) - r) / r ** 2, 0, mpf(1) / 2), -h, h, 10, lambda r: r ** 2)
    show("expm1 check: same polynomial, relative to expm1", near(lambda r: (mp.expm1(r) - r) / r ** 2, 0, mpf(1) / 2), -h, h, 11,
         lambda r: abs(r))
    z = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * (1 + mpf(10) ** -6)
    show("log: (2 atanh(s)/s - 2)/z, z = s^2", atanh_tail, 0, z, 7, lambda z: z / 2)
    show("log1p on [0,1]: same function", atanh_tail, 0, mpf(1) / 9, 11, lambda z: z / 2)
    show("erf: erf(x)/x - 1 in x^2", erf_tail, 0, 1, 14, lambda z: 1)
    show("erfcx: (x + 3) erfcx(x) in (x - 3)/(x + 3); the first is moved by an ulp or so until the value at -1 is exactly 3",
         erfcx_scaled, -1, 1, 24, lambda t: 1 / erfcx_scaled(t))
    show("lgamma(2 + e)/e", lgamma2, -0.5, 0.5, 20, lambda e: 1 / lgamma2(e))
    show("lgamma from 2.5 on: Stirling's rest in w = 1/(x^2 + 1), absolute error", of_inverse_square(lgamma_rest, 1, -1, mpf(1) / 12),
         0, 1 / mpf("7.25"), 11, lambda w: mp.sqrt(1 / w - 1) * w if w else 0)
    show("digamma(2 + e), absolute error", lambda e: mp.psi(0, 2 + e), -0.5, 0.5, 19)
    show("digamma from 2.5 on: rest in w = 1/(x^2 + 1), absolute error", of_inverse_square(digamma_rest, 1, 0, mpf(1) / 12),
         0, 1 / mpf("7.25"), 11, lambda w: w)
    show("trigamma from 2 on: rest in w = 1/(x^2 + 1), relative error", of_inverse_square(trigamma_rest, 1, 1, mpf(1) / 6),
         0, mpf(1) / 5, 15, lambda w: w)
    z = (mp.pi / 4 * (1 + mpf(10) ** -6)) ** 2
    show("sin: (sin r - r)/r^3 in r^2", of_square(lambda r: mp.sin(r) - r, 3, -mpf(1) / 6), 0, z, 7, lambda z: z)
    show("cos: (cos r - 1 + r^2/2)/r^4 in r^2", of_square(lambda r: mp.cos(r) - 1 + r * r / 2, 4, mpf(1) / 24), 0, z, 7,
         lambda z: z * z)
    z = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * (1 + mpf(10) ** -6)
    show("pow: (2 atanh(s)/s - 2 - 2z/3)/z^2, z = s^2", atanh_tail_tail, 0, z, 7, lambda z: z * z / 2)
