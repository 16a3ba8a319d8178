"""Moments and entropies of distributions by mpmath, for IndependentValuesTest.

python3 kiln-prob/tools/distribution-values.py > kiln-prob/src/test/resources/kiln/dist/values.csv

Every value is a sum of masses or an integral of the density, both written out here, with 30 digits.

python3 kiln-prob/tools/distribution-values.py extremes

prints the values of tails in ExtremesTest, at the doubles that the test uses.
"""
import sys

import mpmath as mp

mp.mp.dps = 40


def extremes():
    mp.mp.dps = 80
    for x, scale in [("1e200", "1"), ("1e3", "1e-300")]:
        z = mp.mpf(float(x)) / mp.mpf(float(scale))
        print("Cauchy", x, scale, mp.nstr(-mp.log(mp.pi * float(scale)) - mp.log(1 + z * z), 17))
    for cut in ["999", "1001", "2000", "1e5", "1e8"]:
        z = float(cut)
        x = mp.mpf(z + 0.5 / z)

        def log_density(m, s):
            upper = mp.erfc((z - m) / s / mp.sqrt(2)) / 2
            return -((x - m) / s) ** 2 / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2 - mp.log(upper)

        slopes = [mp.diff(lambda m: log_density(m, 1), 0), mp.diff(lambda s: log_density(0, s), 1)]
        print("Normal above", cut, mp.nstr(log_density(0, 1), 17), *[mp.nstr(d, 16) for d in slopes])
    for z in ["-1e-10", "-2e-9", "-0.5", "-10", "-1e8", "-1e9", "-3e9", "-1e12", "-1e150"]:
        x = mp.mpf(float(z))
        tail = mp.mpf(1) / 2 - (mp.atan(-x / mp.sqrt(3)) + -x * mp.sqrt(3) / (3 + x * x)) / mp.pi
        if -x > 1000:  # the atan and 1/2 cancel: the integral of the density's series in 3/x²
            tail = 6 * mp.sqrt(3) / mp.pi * mp.nsum(lambda k: (-1) ** k * (k + 1) * 3**k / (2 * k + 3) * (-x) ** (-2 * k - 3), [0, 20])
        print("StudentT 3 below", z, mp.nstr(mp.log(tail), 17))


if sys.argv[1:] == ["extremes"]:
    extremes()
    sys.exit()


def row(name, method, value):
    print(f"{name},{method},{mp.nstr(value, 22)}", flush=True)


def entropy_of_counts(logp, mean, sd):
    total, k = mp.mpf(0), 0
    while True:
        lp = logp(k)
        if lp != mp.mpf("-inf"):
            total -= mp.exp(lp) * lp
        if k > mean + 60 * sd + 60 and mp.exp(lp) < mp.mpf(10) ** -32:
            return total
        k += 1


def poisson(rate):
    return lambda k: k * mp.log(rate) - rate - mp.loggamma(k + 1)


def negative_binomial(a, p):
    return lambda k: mp.loggamma(a + k) - mp.loggamma(a) - mp.loggamma(k + 1) + a * mp.log(1 - p) + k * mp.log(p)


def inflated(logp, gate):
    return lambda k: mp.log((1 - gate) * mp.exp(logp(k)) + (gate if k == 0 else 0))


def hurdle(logp, gate):
    rest = mp.log(1 - mp.exp(logp(0)))
    return lambda k: mp.log(gate) if k == 0 else mp.log(1 - gate) + logp(k) - rest


for rate in ["0.001", "0.3", "4", "60", "99.5", "120", "20000"]:
    r = mp.mpf(rate)
    row(f"Poisson {rate}", "entropy", entropy_of_counts(poisson(r), r, mp.sqrt(r)))
for a, p in [("0.01", "0.9"), ("1", "0.4"), ("3.5", "0.4"), ("3.5", "0.99"), ("50", "0.7"), ("2", "0.000001"), ("3000", "0.5")]:
    x, y = mp.mpf(a), mp.mpf(p)
    mean = x * y / (1 - y)
    row(f"NegativeBinomial {a} {p}", "entropy", entropy_of_counts(negative_binomial(x, y), mean, mp.sqrt(mean / (1 - y))))
for rate, gate in [("0.01", "0.3"), ("4", "0.2")]:
    r, g = mp.mpf(rate), mp.mpf(gate)
    row(f"ZeroInflatedPoisson {gate} {rate}", "entropy", entropy_of_counts(inflated(poisson(r), g), r, mp.sqrt(r)))
    row(f"HurdlePoisson {gate} {rate}", "entropy", entropy_of_counts(hurdle(poisson(r), g), r, mp.sqrt(r)))


def student(df):
    norm = mp.gamma((df + 1) / 2) / mp.gamma(df / 2) / mp.sqrt(mp.pi * df)
    return lambda z: norm * (1 + z * z / df) ** (-(df + 1) / 2)


def above(f, a, points):
    """The integral from a on; beyond 100 in 1/z, where a power of z is a power."""
    inner = sorted({a, *[p for p in points if p > a], mp.mpf(100) if a < 100 else 2 * a})
    return mp.quad(f, inner) + mp.quad(lambda w: f(1 / w) / w**2, [0, 1 / (16 * inner[-1]), 1 / inner[-1]])


for df, a in [("0.8", "0.5"), ("1.5", "-3"), ("2.5", "0.4"), ("2.5", "40"), ("3.7", "-1"), ("4.2", "2"), ("9", "-2"), ("9", "12"), ("60", "5")]:
    v, low = mp.mpf(df), mp.mpf(a)
    f = student(v)
    points = [mp.mpf(x) for x in (-3, -1, 0, 1, 3, 9, 30)]
    mass = above(f, low, points)
    if v > 1:
        mean = above(lambda z: z * f(z), low, points) / mass
        row(f"StudentT {df} above {a}", "mean", mean)
        if v > 2:
            row(f"StudentT {df} above {a}", "variance", above(lambda z: (z - mean) ** 2 * f(z), low, points) / mass)
    row(f"StudentT {df} above {a}", "entropy", -above(lambda z: f(z) / mass * mp.log(f(z) / mass), low, points))


def normal(m, s):
    return lambda x: mp.exp(-(((x - m) / s) ** 2) / 2) / (s * mp.sqrt(2 * mp.pi))


def laplace(m, s):
    return lambda x: mp.exp(-abs(x - m) / s) / (2 * s)


def cauchy(m, s):
    return lambda x: 1 / (mp.pi * s * (1 + ((x - m) / s) ** 2))


for name, f, m, s in [("Normal", normal, "-3", "2"), ("Normal", normal, "0", "2"), ("Normal", normal, "30", "2"),
                      ("Laplace", laplace, "0.7", "2"), ("Laplace", laplace, "-5", "2"), ("Cauchy", cauchy, "-1", "2")]:
    d = f(mp.mpf(m), mp.mpf(s))
    corner = abs(mp.mpf(m))
    p = lambda x: d(x) + d(-x)
    e = lambda x: -p(x) * mp.log(p(x)) if p(x) > 0 else mp.mpf(0)
    points = sorted({mp.mpf(0), corner / 2, corner, corner + 2, corner + 6, corner + 20, corner + 60})
    tail = mp.quad(lambda w: e(1 / w) / w**2, [0, 1 / (16 * points[-1]), 1 / points[-1]])
    row(f"Folded {name} {m} {s}", "entropy", mp.quad(e, points) + tail)


def polya_gamma(x):
    if x < mp.mpf("0.3"):
        return sum((-1) ** n * (2 * n + 1) * mp.exp(-mp.mpf(2 * n + 1) ** 2 / (8 * x)) for n in range(40)) / mp.sqrt(2 * mp.pi * x**3)
    return 2 * mp.pi * sum((-1) ** n * (2 * n + 1) * mp.exp(-mp.mpf(2 * n + 1) ** 2 * mp.pi**2 * x / 2) for n in range(40))


points = [mp.mpf(x) for x in ("0", "0.02", "0.1", "0.3", "0.6", "1", "1.6", "2.5")]
top = 1 - mp.quad(polya_gamma, points)
mean = mp.quad(lambda x: x * polya_gamma(x), points) + mp.mpf("2.5") * top
second = mp.quad(lambda x: x * x * polya_gamma(x), points) + mp.mpf("6.25") * top
row("TruncatedPolyaGamma", "mean", mean)
row("TruncatedPolyaGamma", "variance", second - mean**2)
row("TruncatedPolyaGamma", "entropy",
    -mp.quad(lambda x: polya_gamma(x) * mp.log(polya_gamma(x)) if x > mp.mpf("1e-4") else mp.mpf(0), points))


def sine(k1, k2, c):
    """The second angle is integrated out by I0; the trapezoidal rule is exact for periodic functions."""
    n = 400 + 40 * int(mp.sqrt(k1 + k2 + abs(c)))
    angles = [2 * mp.pi * i / n for i in range(n)]
    weights = [mp.exp(k1 * mp.cos(a)) for a in angles]
    across = [c * mp.sin(a) for a in angles]
    length = [mp.sqrt(k2**2 + x**2) for x in across]
    total = sum(w * mp.besseli(0, r) for w, r in zip(weights, length))
    cos_a = sum(w * mp.cos(a) * mp.besseli(0, r) for w, a, r in zip(weights, angles, length)) / total
    cos_b = sum(w * k2 / r * mp.besseli(1, r) for w, r in zip(weights, length)) / total
    product = sum(w * mp.sin(a) * x / r * mp.besseli(1, r) for w, a, x, r in zip(weights, angles, across, length)) / total
    log_norm = mp.log(total * 2 * mp.pi / n * 2 * mp.pi)
    return 1 - cos_a, 1 - cos_b, log_norm - k1 * cos_a - k2 * cos_b - c * product


for k1, k2, c in [("0.4", "0.7", "0.6"), ("3", "2", "-1.5"), ("30", "9", "12"), ("200", "100", "300"), ("1000", "1000", "1200"), ("2000", "1500", "-1700")]:
    first, second, entropy = sine(mp.mpf(k1), mp.mpf(k2), mp.mpf(c))
    name = f"SineBivariateVonMises {k1} {k2} {c}"
    row(name, "variance 0", first)
    row(name, "variance 1", second)
    row(name, "entropy", entropy)


def sine_skewed(k1, k2, c, l1, l2):
    """Circular means around the direction of the base: of the second angle, given the first, by I1 and I2."""
    n = 400
    angles = [2 * mp.pi * i / n for i in range(n)]
    total = cos_a = cos_b = aa = ab = bb = mp.mpf(0)
    for a in angles:
        across = c * mp.sin(a)
        length = mp.sqrt(k2**2 + across**2)
        w = mp.exp(k1 * mp.cos(a)) * mp.besseli(0, length)
        one = mp.besseli(1, length) / mp.besseli(0, length)
        two = mp.besseli(2, length) / mp.besseli(0, length)
        total += w
        cos_a += w * mp.cos(a)
        cos_b += w * k2 / length * one
        aa += w * mp.sin(a) ** 2
        ab += w * mp.sin(a) * across / length * one
        bb += w * (1 - (k2**2 - across**2) / length**2 * two) / 2
    first = mp.mpc(cos_a, l1 * aa + l2 * ab) / total
    second = mp.mpc(cos_b, l1 * ab + l2 * bb) / total
    return first, second


for text in ["0.4 0.7 0.6 0.3 -0.5", "3 2 -1.5 -0.2 0.8", "30 9 12 0.6 0.4"]:
    means = sine_skewed(*[mp.mpf(x) for x in text.split(" ")])
    for i, loc in enumerate(["0.5", "-1"]):
        row(f"SineSkewed {text}", f"mean {i}", mp.mpf(loc) + mp.arg(means[i]))
        row(f"SineSkewed {text}", f"variance {i}", 1 - abs(means[i]))


def skewed_entropy(density, edges):
    """The entropy of a density on one angle, by the tanh-sinh rule between the places where a sine is 1."""
    total = mp.quad(density, edges)
    return mp.log(total) - mp.quad(lambda a: density(a) * mp.log(density(a)) if density(a) > 0 else 0, edges) / total


for text in ["0.5 0.3", "5 -1", "100 0.7"]:
    k, l = [mp.mpf(x) for x in text.split(" ")]
    f = lambda a: mp.exp(k * mp.cos(a)) * (1 + l * mp.sin(a))
    row(f"SineSkewedVonMises {text}", "entropy", skewed_entropy(f, [-mp.pi, -mp.pi / 2, -mp.pi / 4, 0, mp.pi / 4, mp.pi / 2, mp.pi]))
for text in ["0.4 0.7 0.6 0.3 -0.5", "3 2 -1.5 -0.2 0.7", "30 9 12 0.6 0.3"]:
    k1, k2, c, l1, l2 = [mp.mpf(x) for x in text.split(" ")]
    # Periodic, and analytic where |l1| + |l2| < 1: equidistant angles leave an error of e^(-0.4 n).
    n = 160
    angles = [(mp.cos(2 * mp.pi * i / n), mp.sin(2 * mp.pi * i / n)) for i in range(n)]
    total = product = mp.mpf(0)
    for ca, sa in angles:
        for cb, sb in angles:
            p = mp.exp(k1 * ca + k2 * cb + c * sa * sb - k1 - k2) * (1 + l1 * sa + l2 * sb)
            total += p
            product += p * mp.log(p)
    row(f"SineSkewed {text}", "entropy", mp.log(total * (2 * mp.pi / n) ** 2) - product / total)


# Logarithms of Γ at 1e30 cancel 32 digits.
mp.mp.dps = 75


def beta_negative_binomial(a, b, n):
    norm = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b) - mp.loggamma(n) + mp.loggamma(b + n)
    return lambda k: norm + mp.loggamma(n + k) - mp.loggamma(k + 1) + mp.loggamma(a + k) - mp.loggamma(a + b + n + k)


def entropy_of_long_tails(logp, start, points):
    """The first terms, and by Euler's and Maclaurin's formula the integral of the others over log k."""
    f = lambda x: -mp.exp(logp(x)) * logp(x)
    total = mp.fsum(f(mp.mpf(k)) for k in range(start))
    ends = [mp.log(start)] + [mp.log(p) for p in points] 
    total += mp.quad(lambda u: f(mp.exp(u)) * mp.exp(u), ends)
    # Beyond 1e30 the logarithm is a straight line to 30 digits.
    far = mp.log(mp.mpf(10) ** 30)
    total += mp.quad(lambda u: f(mp.exp(u)) * mp.exp(u), mp.linspace(ends[-1], far, 12))
    log, tail = logp(mp.exp(far)), -1 - mp.diff(lambda u: logp(mp.exp(u)), far)
    total -= mp.exp(log + far) * (log / tail - (tail + 1) / tail**2)
    s = mp.taylor(f, start, 11)
    total += s[0] / 2
    for j in range(1, 7):
        total -= mp.bernoulli(2 * j) / (2 * j) * s[2 * j - 1]
    return total


for text, start, points in [
    ("0.7 6 2.5", 300, [1e3, 1e4, 1e6]),
    ("0.5 0.3 2", 300, [1e3, 1e4, 1e6, 1e10, 1e20]),
    ("2 0.01 5", 300, [1e3, 1e4, 1e6, 1e10, 1e20]),
    ("3 1.5 0.001", 300, [1e3, 1e4, 1e6, 1e10]),
    ("200 100000 30", 300, [400, 1e3, 1e4]),
    ("1000 50 2000", 3000, [1e4, 2e4, 3e4, 3.5e4, 4e4, 4.5e4, 5e4, 6e4, 8e4, 1.2e5, 3e5]),
    ("100000 10000 100000", 1000, [8e5, 9e5, 9.4e5, 9.7e5, 1e6, 1.03e6, 1.06e6, 1.1e6, 1.2e6]),
    ("100000 2 0.5", 1000, [3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 1e7, 1e8, 1e10]),
]:
    a, b, n = (mp.mpf(w) for w in text.split())
    row(f"BetaNegativeBinomial {text}", "entropy", entropy_of_long_tails(beta_negative_binomial(a, b, n), start, points))

mp.mp.dps = 40


def projected(n, rho):
    """log p at the angle th to the mean, and the area of the sphere at this angle."""

    def log_density(th):
        t = rho * mp.cos(th)
        with mp.workdps(60 + int(mp.mpf(rho) * mp.sqrt(n))):  # what the recursion loses
            a = mp.sqrt(2 * mp.pi) * mp.exp(t * t / 2) * mp.ncdf(t)
            b = 1 + t * a
            for k in range(2, n):
                a, b = b, t * b + (k - 1) * a
            log = mp.log(b)
        return log - rho**2 / 2 - n * mp.log(2 * mp.pi) / 2

    half = mp.mpf(n - 1) / 2
    return log_density, lambda th: 2 * mp.pi**half / mp.gamma(half) * mp.sin(th) ** (n - 2)


for text in ["0.3 -0.4", "2 1", "-60 80", "0.1 0 0.2", "3 -1 2 0.5 0.3", "0 0 0", "300 0 400", "1.5" + " 0" * 29, "40 30" + " 0" * 10]:
    m = [mp.mpf(x) for x in text.split()]
    n, rho = len(m), mp.sqrt(sum(x * x for x in m))
    log_density, area = projected(n, rho)
    width = mp.sqrt(n) / (rho + 1)
    ends = [mp.mpf(0)] + [width * z for z in (0.2, 0.5, 1, 1.5, 2, 3, 5, 8, 12) if width * z < mp.pi] + [mp.pi]
    expect = lambda f: mp.quad(lambda th: area(th) * mp.exp(log_density(th)) * f(th), ends)
    assert abs(expect(lambda th: 1) - 1) < 1e-22
    row(f"ProjectedNormal {text}", "entropy", -expect(log_density))
    less = expect(lambda th: 2 * mp.sin(th / 2) ** 2)
    along = expect(lambda th: (2 * mp.sin(th / 2) ** 2 - less) ** 2)
    across = expect(lambda th: mp.sin(th) ** 2) / (n - 1)
    for i in range(2):
        part = (m[i] / rho) ** 2 if rho else mp.mpf(0)
        row(f"ProjectedNormal {text}", f"variance {i}", across + part * (along - across))
    # By a common factor of the parameters: E t = R ρ is what log p has of it; its derivative beside ρ² is that of the integral.
    if rho:
        slope = lambda th: mp.diff(lambda r: projected(n, r)[0](th), rho) * rho
        row(f"ProjectedNormal {text}", "entropy by scale", -expect(lambda th: slope(th) * (log_density(th) + 1)))


def skewed_uniform(l):
    root = mp.sqrt(1 - l * l)
    return mp.log((1 + root) / 2) + 1 - root


for text in ["0.3", "-1"]:
    l = mp.mpf(text)
    row(f"SineSkewedUniform {text}", "entropy", mp.log(2 * mp.pi) - skewed_uniform(l))
    row(f"SineSkewedUniform {text}", "mean", mp.sign(l) * mp.pi / 2)
    row(f"SineSkewedUniform {text}", "variance", 1 - abs(l) / 2)


def tilted(density, n, l):
    """Expectations under the base of (1 + s) log(1 + s) and s log(1 + s), by equidistant angles."""
    grid = [2 * mp.pi * i / n for i in range(n)]
    weights = []
    for d in density:
        w = [d(a) for a in grid]
        weights.append([x / mp.fsum(w) for x in w])
    first = second = mp.mpf(0)

    def add(i, w, s):
        nonlocal first, second
        if i == len(l):
            first += w * (1 + s) * mp.log1p(s)
            second += w * s * mp.log1p(s)
            return
        for j in range(n):
            add(i + 1, w * weights[i][j], s + l[i] * sines[j])

    sines = [mp.sin(a) for a in grid]
    add(0, mp.mpf(1), mp.mpf(0))
    return first, second


for text, n in [("3 1 0.4 -0.3", 100), ("0.5 8 0.2 0.7", 240), ("2 1 0.5 0.2 -0.3 0.1", 44), ("300 100 0.4 0.3", 300)]:
    numbers = [mp.mpf(x) for x in text.split()]
    k, l = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    first, second = tilted([lambda a, c=c: mp.exp(c * (mp.cos(a) - 1)) for c in k], n, l)
    base = sum(mp.log(2 * mp.pi * mp.besseli(0, c)) - c * mp.besseli(1, c) / mp.besseli(0, c) for c in k)
    row(f"SineSkewedAngles {text}", "entropy", base - first)
    row(f"SineSkewedAngles {text}", "entropy by scale", -second)
for text, n in [("0.3 -0.6", 320), ("0.2 0.3 0.1", 44)]:
    l = [mp.mpf(x) for x in text.split()]
    row(f"SineSkewedUniform {text}", "entropy", len(l) * mp.log(2 * mp.pi) - tilted([lambda a: mp.mpf(1)] * len(l), n, l)[0])
for text in ["0.8 0.6", "2.5 -1"]:
    s, l = [mp.mpf(x) for x in text.split()]
    f = lambda a: mp.exp(-((a / s) ** 2) / 2) * (1 + l * mp.sin(a))
    ends = [-mp.pi, -mp.pi / 2, -mp.pi / 4, 0, mp.pi / 4, mp.pi / 2, mp.pi]
    row(f"SineSkewedNormal {text}", "entropy", skewed_entropy(f, ends))
    point = mp.quad(lambda a: f(a) * mp.expj(a), ends) / mp.quad(f, ends)
    row(f"SineSkewedNormal {text}", "mean", mp.arg(point))
    row(f"SineSkewedNormal {text}", "variance", 1 - abs(point))

# Densities against the mean, where the recursion in n would cancel.
for text in ["1 2 3 4", "20 0 0 0 0 0 0 0 0 0 0 0", "40" + " 0" * 99, "0.1" + " 0" * 29]:
    m = [mp.mpf(x) for x in text.split()]
    rho = mp.sqrt(sum(x * x for x in m))
    row(f"ProjectedNormal {text}", "density at −mean", projected(len(m), rho)[0](mp.pi))
