"""Entropies of mixtures and their derivatives by mpmath, for MixtureEntropyTest.

python3 kiln-prob/tools/mixture-entropies.py > kiln-prob/src/test/resources/kiln/dist/mixture-entropies.csv

A line is the name of a case of the test, the entropy, and its derivatives by the parameters in the order of the test: minus the integral of
∂p/∂θ (log p + 1), or where an end of a support moves, differences of entropies. Densities and masses are written out here, with 40 digits.
"""
import mpmath as mp

mp.mp.dps = 40
inf = mp.inf


def normal(m, s):
    return lambda x: mp.exp(-(((x - m) / s) ** 2) / 2) / s / mp.sqrt(2 * mp.pi)


def cauchy(m, s):
    return lambda x: 1 / (mp.pi * s * (1 + ((x - m) / s) ** 2))


def laplace(m, s):
    return lambda x: mp.exp(-abs(x - m) / s) / (2 * s)


def gamma(a, r):
    return lambda x: r**a * x ** (a - 1) * mp.exp(-r * x) / mp.gamma(a) if x > 0 else mp.mpf(0)


def uniform(a, b):
    return lambda x: 1 / (b - a) if a <= x <= b else mp.mpf(0)


def pareto(s, a):
    return lambda x: a * s**a / x ** (a + 1) if x >= s else mp.mpf(0)


def weibull(s, c):
    return lambda x: c / s * (x / s) ** (c - 1) * mp.exp(-((x / s) ** c)) if x > 0 else mp.mpf(0)


def poisson(r):
    return lambda k: mp.exp(k * mp.log(r) - r - mp.loggamma(k + 1))


def binomial(q, n=10):
    return lambda k: mp.binomial(n, k) * q**k * (1 - q) ** (n - k) if k <= n else mp.mpf(0)


def geometric(q):
    return lambda k: q * (1 - q) ** k


def negative_binomial2(m, c):
    return lambda k: mp.exp(
        mp.loggamma(k + c) - mp.loggamma(c) - mp.loggamma(k + 1) + c * mp.log(c / (c + m)) + k * mp.log(m / (c + m))
    )


def beta_negative_binomial(a, b, n):
    norm = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b) - mp.loggamma(n) + mp.loggamma(b + n)
    return lambda k: mp.exp(norm + mp.loggamma(n + k) - mp.loggamma(k + 1) + mp.loggamma(a + k) - mp.loggamma(a + b + n + k))


def h(p):
    return -p * mp.log(p) if p > 0 else mp.mpf(0)


def mixed(parts, w, theta):
    """The mixture; each part is a family and the places of its parameters."""
    made = [f(*[theta[i] for i in places]) for f, places in parts]
    return lambda x: mp.fsum(wi * d(x) for wi, d in zip(w, made))


def case(name, parts, w, theta, total, moving=()):
    """total(f) is the integral or sum of f; derivatives by parameters that move an end are those of differences."""
    w = [mp.mpf(x) for x in w]
    theta = [mp.mpf(x) for x in theta]
    p = mixed(parts, w, theta)
    mass = total(p, theta)
    assert abs(mass - 1) < 1e-18, (name, mass)
    values = [total(lambda x: h(p(x)), theta)]

    def slope(q):
        def f(x):
            y = p(x)
            return -q(x) * (mp.log(y) + 1) if y > 0 else mp.mpf(0)

        return total(f, theta)

    for f, places in parts:
        d = f(*[theta[i] for i in places])
        values.append(slope(d))
    for i in range(len(theta)):
        step = mp.mpf(10) ** -12

        def at(t, i=i):
            moved = list(theta)
            moved[i] += t
            return moved

        if i in moving:
            e = [total(lambda x, m=at(t * step): h(mixed(parts, w, m)(x)), at(t * step)) for t in (-2, -1, 1, 2)]
            values.append((e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * step))
        else:
            down2, down, up, up2 = [mixed(parts, w, at(t * step)) for t in (-2, -1, 1, 2)]
            values.append(slope(lambda x: (down2(x) - 8 * down(x) + 8 * up(x) - up2(x)) / (12 * step)))
    print(name + "," + ",".join(mp.nstr(v, 20) for v in values), flush=True)


def line(*ends):
    """An integral between ends, which are numbers or functions of the parameters."""

    def total(f, theta):
        at = sorted({e(theta) if callable(e) else mp.mpf(e) for e in ends})
        return mp.fsum(mp.quad(f, [a, b]) for a, b in zip(at, at[1:]))

    return total


def counts(last):
    return lambda f, theta: mp.fsum(f(mp.mpf(k)) for k in range(last + 1))


def around(m, s, far=12):
    return [m + s * z for z in range(-far, far + 1, 2)]


case("normals", [(normal, (0, 1)), (normal, (2, 3))], ["0.3", "0.7"], ["-1", "1", "2", "0.5"], line(*around(-1, 1, 16), *around(2, 0.5, 16)))
case("needle", [(normal, (0, 1)), (normal, (2, 3))], ["0.6", "0.4"], ["0", "1", "0.3", "1e-6"], line(*around(0, 1, 16), *[mp.mpf("0.3") + mp.mpf("1e-6") * z for z in range(-16, 17, 2)], "0.2999", "0.3001"))
case("far apart", [(normal, (0, 1)), (normal, (2, 3))], ["0.5", "0.5"], ["0", "1", "1e5", "0.01"], line(*around(0, 1, 16), *[mp.mpf("1e5") + mp.mpf("0.01") * z for z in range(-16, 17, 2)]))
case("tails", [(cauchy, (0, 1)), (normal, (2, 3))], ["0.5", "0.5"], ["0.5", "0.01", "1", "2"], line(-inf, -1e12, -1e8, -1e5, -1000, -100, -30, *around(1, 2, 12), *[mp.mpf("0.5") + mp.mpf("0.01") * z for z in (-100, -30, -10, -3, -1, 0, 1, 3, 10, 30, 100)], 60, 100, 1000, 1e5, 1e8, 1e12, inf))
case("corners", [(laplace, (0, 1)), (laplace, (2, 3))], ["0.25", "0.75"], ["0", "1", "1.5", "0.3"], line(-90, -50, -30, -20, -10, -5, -2, -1, 0, "0.5", 1, "1.5", 2, "2.5", 4, 8, 12, 20, 30, 50, 90))
case("poles", [(gamma, (0, 1)), (gamma, (2, 3))], ["0.4", "0.6"], ["0.5", "2", "3", "0.7"], line(0, 1e-40, 1e-30, 1e-20, 1e-15, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, "0.1", "0.5", 1, 2, 4, 8, 16, 32, 64, 120))
case("stretched", [(weibull, (0, 1)), (weibull, (2, 3))], ["0.4", "0.6"], ["2", "0.4", "1", "3"], line(0, 1e-70, 1e-50, 1e-40, 1e-30, 1e-20, 1e-15, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, "0.1", "0.5", 1, 2, 3, 4, 8, 16, 64, 300, 1000, 3000, 10000, 40000, 200000))
case("steps", [(uniform, (0, 1)), (normal, (2, 3))], ["0.4", "0.6"], ["-0.5", "2", "1", "1.5"], line(lambda t: t[0], lambda t: t[1], *around(1, 1.5, 16)), moving=(0, 1))
case("thresholds", [(pareto, (0, 1)), (pareto, (2, 3))], ["0.4", "0.6"], ["1", "3", "2", "1.5"], line(lambda t: t[0], lambda t: t[2], 4, 10, 30, 100, 1000, 1e4, 1e6, 1e5, 1e13, 1e18, 1e25), moving=(0, 2))
case("poissons", [(poisson, (0,)), (poisson, (1,))], ["0.3", "0.7"], ["2", "30"], counts(250))
case("trials", [(binomial, (0,)), (poisson, (1,))], ["0.3", "0.7"], ["0.4", "6"], counts(120))
case("waits", [(geometric, (0,)), (negative_binomial2, (1, 2))], ["0.2", "0.8"], ["0.3", "20", "2.5"], counts(1800))
