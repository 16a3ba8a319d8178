"""Simulates the data of the programs in examples/numpyro and computes the exact answers that ExamplesTest holds them to.

Every answer is a deterministic quadrature of the posterior, written from the formulas of the model and independent of Kiln. Run from the
root of the repository (needs numpy and scipy); it writes examples/data/numpyro/*.csv and prints the answers:

    python3 examples/tools/numpyro_answers.py
"""

import numpy as np
from scipy import stats
from scipy.special import betaln, expit, gammaln, logsumexp

FOLDER = "examples/data/numpyro/"


def save(name, header, *columns):
    rows = np.column_stack(columns)
    with open(FOLDER + name, "w") as out:
        out.write("# " + header + "\n")
        for row in rows:
            out.write(",".join("%.10g" % v for v in row) + "\n")
    return [np.array([float("%.10g" % v) for v in column]) for column in columns]


def moments(log_weights, *values):
    """Mean and standard deviation of each value under normalised weights."""
    w = np.exp(log_weights - logsumexp(log_weights))
    out = []
    for v in values:
        m = (w * v).sum()
        out.append((m, np.sqrt((w * (v - m) ** 2).sum())))
    return out


def show(name, pairs):
    print(name, "  ".join("%s %.5f (%.5f)" % (label, m, s) for label, (m, s) in pairs))


def linear_regression(x, y, prior_sd, log_prior_sigma, sigmas):
    """Gaussian regression with independent N(0, prior_sd²) coefficients: exact given sigma, quadrature over sigma."""
    p = x.shape[1]
    lw, means, seconds = [], [], []
    for s, w in sigmas:
        precision = x.T @ x / s**2 + np.diag(1 / prior_sd**2)
        cov = np.linalg.inv(precision)
        m = cov @ (x.T @ y) / s**2
        evidence = stats.multivariate_normal(np.zeros(len(y)), s**2 * np.eye(len(y)) + (x * prior_sd**2) @ x.T).logpdf(y)
        lw.append(evidence + log_prior_sigma(s) + np.log(w))
        means.append(m)
        seconds.append(np.diag(cov) + m**2)
    lw = np.array(lw)
    w = np.exp(lw - logsumexp(lw))
    m = w @ np.array(means)
    sd = np.sqrt(w @ np.array(seconds) - m**2)
    s = np.array([v for v, _ in sigmas])
    ms = w @ s
    return list(zip(m, sd)) + [(ms, np.sqrt(w @ (s - ms) ** 2))], logsumexp(lw)


def gauss_legendre(a, b, n):
    x, w = np.polynomial.legendre.leggauss(n)
    return list(zip((b - a) / 2 * x + (a + b) / 2, w * (b - a) / 2))


def bayesian_regression():
    table = np.loadtxt(FOLDER + "divorce.csv", delimiter=",")
    age, marriage, divorce = ((c - c.mean()) / c.std(ddof=1) for c in table[:, :3].T)
    sigmas = gauss_legendre(0.4, 1.8, 80)
    one = np.ones(len(age))
    for name, x in [("marriage", [one, marriage]), ("age", [one, age]), ("both", [one, marriage, age])]:
        x = np.column_stack(x)
        sd = np.array([0.2] + [0.5] * (x.shape[1] - 1))
        out, _ = linear_regression(x, divorce, sd, lambda s: -s, sigmas)
        show("BayesianRegression " + name, list(zip(["a", "b1", "b2"][: x.shape[1]] + ["sigma"], out)))


def baseball():
    hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
    n = 45
    show("Baseball pooled", [("phi", (lambda d: (d.mean(), d.std()))(stats.beta(1 + hits.sum(), 1 + 18 * n - hits.sum())))])
    d = stats.beta(1 + 18, 1 + 27)
    show("Baseball not pooled", [("phi[0]", (d.mean(), d.std()))])
    # Partial pooling: m ~ U(0, 1), kappa ~ Pareto(1, 1.5), phi ~ Beta(m kappa, (1 − m) kappa), hits ~ Binomial(45, phi).
    m = np.array([v for v, _ in gauss_legendre(0.15, 0.42, 160)])
    wm = np.array([w for _, w in gauss_legendre(0.15, 0.42, 160)])
    # u = log kappa; the posterior of kappa has a tail like kappa^−1.5 of the prior, cut at e^40.
    u = np.array([v for v, _ in gauss_legendre(0.0, 40.0, 2000)])
    wu = np.array([w for _, w in gauss_legendre(0.0, 40.0, 2000)])
    mm, uu = np.meshgrid(m, u, indexing="ij")
    k = np.exp(uu)
    lw = np.log(wm)[:, None] + np.log(wu)[None, :] + np.log(1.5) - 1.5 * uu
    a, b = mm * k, (1 - mm) * k
    # Γ(a + h)/Γ(a) as a product, exact for large a.
    for h in hits:
        for i in range(h):
            lw += np.log(a + i)
        for i in range(n - h):
            lw += np.log(b + i)
        for i in range(n):
            lw -= np.log(k + i)
    w = np.exp(lw - logsumexp(lw))
    for player in (0, 17):
        mean = (a + hits[player]) / (k + n)
        second = mean * (a + hits[player] + 1) / (k + n + 1)
        e = (w * mean).sum()
        show("Baseball partially pooled", [("phi[%d]" % player, (e, np.sqrt((w * second).sum() - e * e)))])
    show("Baseball partially pooled", [("m", moments(np.log(np.maximum(w, 1e-300)).ravel(), mm.ravel())[0])])


def gaussian_process():
    rng = np.random.RandomState(20)
    x = np.linspace(-1, 1, 30)
    y = x + 0.2 * x**3 + 0.5 * (0.5 + x) ** 2 * np.sin(4 * x) + 0.15 * rng.randn(30)
    y = (y - y.mean()) / y.std()
    x, y = save("gaussian_process.csv", "x, y", x, y)
    # var, length, noise ~ LogNormal(0, 1).
    grid = np.linspace(-3.6, 4.4, 65), np.linspace(-2.6, 2.6, 65), np.linspace(-6.0, 0.5, 65)
    out, lw = [], []
    d2 = (x[:, None] - x[None, :]) ** 2
    for l in grid[1]:
        k = np.exp(-0.5 * d2 / np.exp(2 * l))
        lam, q = np.linalg.eigh(k)
        z = (q.T @ y) ** 2
        v, t = np.meshgrid(grid[0], grid[2], indexing="ij")
        d = np.exp(v)[..., None] * lam + np.exp(t)[..., None] + 1e-6
        log_p = -0.5 * (np.log(d) + z / d).sum(-1) - 0.5 * (v**2 + l**2 + t**2)
        lw.append(log_p)
        out.append((v, np.full_like(v, l), t))
    lw = np.array(lw).ravel()
    v, l, t = (np.array([o[i] for o in out]).ravel() for i in range(3))
    show("GaussianProcess", list(zip(["log var", "log length", "log noise"], moments(lw, v, l, t))))


def proportion_test():
    # 5,000 customers; who got the advice stayed more often. Logistic regression on the four cells.
    rng = np.random.RandomState(3)
    advised = rng.binomial(1, 0.5, 5000)
    churned = rng.binomial(1, np.where(advised == 1, 0.10, 0.13))
    cells = [(np.sum(advised == g), np.sum(churned[advised == g])) for g in (0, 1)]
    print("ProportionTest cells (group: customers, churned)", cells)
    a, b = np.meshgrid(np.linspace(-2.4, -1.4, 400), np.linspace(-1.0, 0.6, 400), indexing="ij")
    lw = stats.norm(0, 10).logpdf(a) + stats.norm(0, 10).logpdf(b)
    for g in (0, 1):
        n, h = cells[g]
        eta = a + g * b
        lw += h * eta - n * np.logaddexp(0, eta)
    effect = expit(a + b) - expit(a)
    show("ProportionTest", list(zip(["intercept", "effect", "difference"], moments(lw.ravel(), a.ravel(), b.ravel(), effect.ravel()))))


def censoring():
    # Life times of 60 machines, exponential with mean 500 hours, watched for 400 hours.
    rng = np.random.RandomState(7)
    t = np.minimum(np.round(rng.exponential(500, 60), 1), 400.0)
    (t,) = save("censoring.csv", "hours watched; 400 means still running", t)
    failures = (t < 400).sum()
    # rate ~ Gamma(2, 1000): conjugate. And ignoring that 400 means "still running".
    d = stats.gamma(2 + failures, scale=1 / (1000 + t.sum()))
    wrong = stats.gamma(2 + 60, scale=1 / (1000 + t.sum()))
    mean_life = lambda g: ((1000 + t.sum()) / (g - 1), (1000 + t.sum()) / (g - 1) / np.sqrt(g - 2))
    show("Censoring", [("rate*1000", (1000 * d.mean(), 1000 * d.std())), ("mean life", mean_life(2 + failures)),
                       ("mean life, naive", mean_life(62))])
    print("  failures", failures, "naive rate", wrong.mean())


def truncated_distributions():
    # A detector that sees only what exceeds 1.5: normal with mean 2 and sd 1.5.
    rng = np.random.RandomState(11)
    x = 2 + 1.5 * rng.randn(1000)
    x = np.round(x[x > 1.5][:300], 4)
    (x,) = save("truncated.csv", "what exceeded 1.5", x)
    loc, log_scale = np.meshgrid(np.linspace(-4, 4.5, 700), np.linspace(-0.5, 1.5, 700), indexing="ij")
    s = np.exp(log_scale)
    lw = stats.norm(0, 5).logpdf(loc) + stats.halfnorm(0, 5).logpdf(s) + log_scale
    n, sx, sxx = len(x), x.sum(), (x**2).sum()
    lw += -n * log_scale - (sxx - 2 * loc * sx + n * loc**2) / (2 * s**2) - n * stats.norm.logsf((1.5 - loc) / s)
    show("TruncatedDistributions", list(zip(["loc", "scale"], moments(lw.ravel(), loc.ravel(), s.ravel()))))
    print("  naive: mean %.4f sd %.4f" % (x.mean(), x.std(ddof=1)))


def circulant_gp():
    # Noisy temperatures at 48 half hours of a day, a periodic process with a Matérn-like spectrum.
    n = 48
    t = np.arange(n)
    rng = np.random.RandomState(5)
    r = np.minimum(t, n - t) / n
    row = lambda length: np.exp(-0.5 * (np.sin(np.pi * r) / length) ** 2)
    lam = np.fft.rfft(2.0**2 * row(0.35)).real + 0.5**2
    z = np.fft.irfft(np.fft.rfft(rng.randn(n)) * np.sqrt(lam), n)
    (y,) = save("circulant.csv", "temperature by half hour, centred", np.round(z, 4))
    p = np.abs(np.fft.fft(y)) ** 2 / n
    out, lw = [], []
    for l in np.linspace(-3.0, 1.0, 90):
        k = np.fft.fft(row(np.exp(l))).real
        v, s = np.meshgrid(np.linspace(-2.0, 3.0, 70), np.linspace(-1.6, 0.3, 70), indexing="ij")
        d = np.exp(2 * v)[..., None] * k + np.exp(2 * s)[..., None]
        lw.append(-0.5 * (np.log(d) + p / d).sum(-1) - 0.5 * v**2 - 0.5 * (l + 1) ** 2 - 0.5 * s**2)
        out.append((v, np.full_like(v, l), s))
    lw = np.array(lw).ravel()
    v, l, s = (np.array([o[i] for o in out]).ravel() for i in range(3))
    show("CirculantGp", list(zip(["log amplitude", "log length", "log noise"], moments(lw, v, l, s))))


def zero_inflated_poisson():
    # Fish caught by 250 groups; some did not fish at all. Rate exp(a + b camper).
    rng = np.random.RandomState(13)
    camper = rng.binomial(1, 0.6, 250)
    fished = rng.binomial(1, 0.65, 250)
    fish = fished * rng.poisson(np.exp(0.4 + 0.9 * camper))
    camper, fish = save("fish.csv", "camper, fish", camper, fish)
    a, b, g = np.meshgrid(np.linspace(-0.8, 1.4, 110), np.linspace(-0.4, 2.2, 110), np.linspace(0.02, 0.75, 110), indexing="ij")
    lw = stats.norm(0, 1).logpdf(a) + stats.norm(0, 1).logpdf(b)
    for c in (0, 1):
        y = fish[camper == c]
        rate = np.exp(a + b * c)
        lw += (y == 0).sum() * np.log(g + (1 - g) * np.exp(-rate))
        lw += (y > 0).sum() * (np.log1p(-g) - rate) + y.sum() * (a + b * c)
    show("ZeroInflatedPoisson", list(zip(["a", "b", "gate"], moments(lw.ravel(), a.ravel(), b.ravel(), g.ravel()))))


def hierarchical_regression():
    # 12 patients, 5 to 9 visits each: y = a_i + b_i (week − mean) + noise, a_i ~ N(mu_a, tau_a), b_i ~ N(mu_b, tau_b).
    rng = np.random.RandomState(17)
    patient, week, y = [], [], []
    for i in range(12):
        a, b = rng.normal(70, 8), rng.normal(-0.5, 0.3)
        for w in np.sort(rng.choice(np.arange(0, 25, 2), rng.randint(5, 10), replace=False)):
            patient.append(i)
            week.append(w)
            y.append(round(a + b * (w - 12) + rng.normal(0, 2), 2))
    patient, week, y = save("visits.csv", "patient, week, capacity", patient, week, y)
    # Given (tau_a, tau_b, sigma) all is Gaussian: 12 small blocks and two common means. Quadrature over the three on the log scale.
    x = [(np.column_stack([np.ones((patient == i).sum()), week[patient == i] - 12]), y[patient == i]) for i in range(12)]
    prior_mean, prior_cov = np.array([70.0, 0.0]), np.diag([20.0**2, 1.0])
    ga, gb, gs = np.linspace(0.8, 3.6, 41), np.linspace(-5.5, 0.6, 61), np.linspace(0.2, 1.2, 41)
    lw, m, c, slope0 = [], [], [], []
    values = []
    for la in ga:
        for lb in gb:
            for ls in gs:
                s2, t = np.exp(2 * ls), np.diag([np.exp(2 * la), np.exp(2 * lb)])
                precision, shift, ev = np.linalg.inv(prior_cov), np.linalg.inv(prior_cov) @ prior_mean, 0.0
                q = prior_mean @ np.linalg.inv(prior_cov) @ prior_mean + np.linalg.slogdet(prior_cov)[1]
                for xi, yi in x:
                    v = s2 * np.eye(len(yi)) + xi @ t @ xi.T
                    vi = np.linalg.inv(v)
                    precision = precision + xi.T @ vi @ xi
                    shift = shift + xi.T @ vi @ yi
                    q += yi @ vi @ yi + np.linalg.slogdet(v)[1]
                cov = np.linalg.inv(precision)
                mean = cov @ shift
                ev = -0.5 * (q - shift @ mean + np.linalg.slogdet(precision)[1])
                half = lambda u, scale: -0.5 * np.exp(2 * u) / scale**2 + u
                lw.append(ev + half(la, 10) + half(lb, 1) + half(ls, 5))
                values.append((mean[0], mean[1], cov[0, 0] + mean[0] ** 2, cov[1, 1] + mean[1] ** 2, np.exp(la), np.exp(lb), np.exp(ls)))
    w = np.exp(np.array(lw) - logsumexp(lw))
    e = w @ np.array(values)
    e2 = w @ np.array(values) ** 2
    show("HierarchicalRegression", [("mu_a", (e[0], np.sqrt(e[2] - e[0] ** 2))), ("mu_b", (e[1], np.sqrt(e[3] - e[1] ** 2)))]
         + [(n, (e[i], np.sqrt(e2[i] - e[i] ** 2))) for n, i in [("tau_a", 4), ("tau_b", 5), ("sigma", 6)]])


def ordinal_regression():
    # Satisfaction 0..3 of 200 customers by price; cut points ordered. Quadrature over slope and three cut points.
    rng = np.random.RandomState(23)
    price = rng.randint(-2, 3, 200)
    z = 0.8 * price + rng.logistic(size=200)
    rating = np.digitize(z, [-1.5, 0.2, 1.8])
    price, rating = save("ratings.csv", "price step, rating", price, rating)
    counts = np.array([[((price == p) & (rating == r)).sum() for r in range(4)] for p in range(-2, 3)])
    g = 34
    slope = np.linspace(0.25, 1.55, g)
    cuts = [np.linspace(c - 1.1, c + 1.1, g) for c in (-1.5, 0.2, 1.8)]
    b, c1, c2, c3 = np.meshgrid(slope, *cuts, indexing="ij")
    lw = stats.norm(0, 2).logpdf(b) + sum(stats.norm(0, 3).logpdf(c) for c in (c1, c2, c3))
    lw = np.where((c1 < c2) & (c2 < c3), lw, -np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        for k, p in enumerate(range(-2, 3)):
            f = [expit(c - b * p) for c in (c1, c2, c3)]
            probabilities = [f[0], f[1] - f[0], f[2] - f[1], 1 - f[2]]
            for r in range(4):
                lw += np.where(np.isfinite(lw), counts[k, r] * np.log(np.maximum(probabilities[r], 1e-300)), 0)
    show("OrdinalRegression", list(zip(["slope", "c1", "c2", "c3"], moments(lw.ravel(), *(v.ravel() for v in (b, c1, c2, c3))))))


def imputation():
    # Fare explains age, age explains a score; 40 of 150 ages are missing: age ~ N(a + b fare, s), y ~ N(c + d (age − 30), t).
    rng = np.random.RandomState(29)
    fare = np.round(rng.randn(150), 3)
    age = np.round(30 + 4 * fare + 6 * rng.randn(150), 2)
    y = np.round(50 - 0.5 * age + 3 * rng.randn(150), 2)
    missing = rng.permutation(150) < 40
    shown = np.where(missing, np.nan, age)
    save("ages.csv", "fare, age (nan: missing), score", fare, shown, y)
    # A missing age can be integrated out: p(y | fare) = N(c + d (a + b fare − 30), t² + d² s²). Six dimensions are left, too many for a
    # grid: importance sampling from a Student distribution at the mode, whose effective sample size is printed.
    from scipy.optimize import minimize

    obs = ~missing

    def log_post(p):
        a, b, c, d, ls, lt = p.T
        s, t = np.exp(ls), np.exp(lt)
        lp = -0.5 * ((a - 30) / 10) ** 2 - 0.5 * (b / 5) ** 2 - 0.5 * ((c - 35) / 10) ** 2 - 0.5 * d**2
        lp += -0.5 * (s / 10) ** 2 + ls - 0.5 * (t / 10) ** 2 + lt
        for f, g, v in zip(fare[obs], age[obs], y[obs]):
            lp = lp - ls - 0.5 * ((g - a - b * f) / s) ** 2 - lt - 0.5 * ((v - c - d * (g - 30)) / t) ** 2
        for f, v in zip(fare[missing], y[missing]):
            var = t**2 + d**2 * s**2
            lp = lp - 0.5 * np.log(var) - 0.5 * (v - c - d * (a + b * f - 30)) ** 2 / var
        return lp

    fit = minimize(lambda p: -log_post(p[None, :])[0], np.array([30, 4, 35, -0.5, 1.8, 1.1]), method="Nelder-Mead",
                   options=dict(maxiter=20000, maxfev=20000, xatol=1e-8, fatol=1e-10))
    h = 1e-3
    e = np.eye(6) * h
    hessian = np.array([[(log_post((fit.x + e[i] + e[j])[None])[0] - log_post((fit.x + e[i] - e[j])[None])[0]
                          - log_post((fit.x - e[i] + e[j])[None])[0] + log_post((fit.x - e[i] - e[j])[None])[0]) / (4 * h * h)
                         for j in range(6)] for i in range(6)])
    proposal = stats.multivariate_t(fit.x, np.linalg.inv(-hessian), df=8, seed=1)
    draws = proposal.rvs(400000)
    lw = log_post(draws) - proposal.logpdf(draws)
    print("  importance sampling: effective sample size %.0f of %d" % (np.exp(2 * logsumexp(lw) - logsumexp(2 * lw)), len(draws)))
    a, b, c, d, ls, lt = draws.T
    show("BayesianImputation", list(zip(["a", "b", "c", "d", "s", "t"], moments(lw, a, b, c, d, np.exp(ls), np.exp(lt)))))


def horseshoe():
    # 60 observations, 20 orthonormal regressors, three of which matter; noise of known sd 0.5.
    rng = np.random.RandomState(31)
    n, p, sigma = 60, 20, 0.5
    q, _ = np.linalg.qr(rng.randn(n, p))
    x = np.round(q * np.sqrt(n), 6)
    beta = np.zeros(p)
    beta[[2, 7, 11]] = 1.5, -1.0, 0.4
    y = np.round(x @ beta + sigma * rng.randn(n), 6)
    save("horseshoe.csv", "20 regressors, response", *x.T, y)
    # X is orthogonal up to its printed digits: given tau the coefficients are independent, each with the marginal
    # N(b̂; 0, sigma²/n + tau² lambda²), lambda half Cauchy.
    bhat, s2 = x.T @ y / n, sigma**2 / n
    tau = np.array(gauss_legendre(-9.0, 3.0, 240))
    lam = np.array(gauss_legendre(-14.0, 14.0, 1500))
    l, wl = np.exp(lam[:, 0]), lam[:, 1]
    log_prior = np.log(2 / np.pi) - np.log1p(l**2) + lam[:, 0] + np.log(wl)
    lw, mean, second = [], [], []
    for u, w in tau:
        t = np.exp(u)
        v = (t * l) ** 2
        total = np.log(2 / np.pi) - np.log1p(t**2) + u + np.log(w)
        ms, ss = [], []
        for b in bhat:
            k = log_prior - 0.5 * np.log(s2 + v) - 0.5 * b**2 / (s2 + v)
            z = logsumexp(k)
            total += z
            f = np.exp(k - z)
            shrunk = v / (v + s2)
            ms.append((f * shrunk * b).sum())
            ss.append((f * (shrunk * s2 + (shrunk * b) ** 2)).sum())
        lw.append(total)
        mean.append(ms)
        second.append(ss)
    w = np.exp(np.array(lw) - logsumexp(lw))
    m = w @ np.array(mean)
    sd = np.sqrt(w @ np.array(second) - m**2)
    show("HorseshoeRegression", [("beta[%d]" % i, (m[i], sd[i])) for i in (2, 7, 11, 0)])


def ucb_admit():
    # Admissions to six departments of Berkeley in 1973, men and women (Bickel, Hammel and O'Connell 1975). Seventeen dimensions: long chains
    # of Hamiltonian Monte Carlo written out with its gradient, 400 of them side by side; the error is from the spread of their means.
    admit = np.array([512, 89, 353, 17, 120, 202, 138, 131, 53, 94, 22, 24.0])
    reject = np.array([313, 19, 207, 8, 205, 391, 279, 244, 138, 299, 351, 317.0])
    male, dept = np.tile([1.0, 0.0], 6), np.repeat(np.arange(6), 2)
    rng = np.random.RandomState(1)

    def value_and_gradient(q):
        # q: v_mu (2), log sigma (2), atanh rho, z (6 x 2)
        mu, ls, t, z = q[:, :2], q[:, 2:4], q[:, 4], q[:, 5:].reshape(-1, 6, 2)
        s, rho = np.exp(ls), np.tanh(t)
        c = np.sqrt(1 - rho**2)
        a = s[:, :1] * z[..., 0]
        b = s[:, 1:] * (rho[:, None] * z[..., 0] + c[:, None] * z[..., 1])
        eta = mu[:, :1] + a[:, dept] + (mu[:, 1:] + b[:, dept]) * male
        p = expit(eta)
        # LKJ(2) for a 2 x 2 matrix: density of rho ∝ (1 − rho²); with the Jacobian of tanh (1 − rho²) once more.
        lp = (admit * eta - (admit + reject) * np.logaddexp(0, eta)).sum(1) - 0.5 * (mu[:, 0] / 4) ** 2 - 0.5 * mu[:, 1] ** 2
        lp += (-0.5 * s**2 + ls).sum(1) + 2 * np.log(c**2) - 0.5 * (z**2).sum((1, 2))
        g = np.zeros_like(q)
        e = admit - (admit + reject) * p
        em = e * male
        da = e.reshape(-1, 6, 2).sum(2)
        db = em.reshape(-1, 6, 2).sum(2)
        g[:, 0] = da.sum(1) - mu[:, 0] / 16
        g[:, 1] = db.sum(1) - mu[:, 1]
        g[:, 2] = (da * a).sum(1) - s[:, 0] ** 2 + 1
        g[:, 3] = (db * b).sum(1) - s[:, 1] ** 2 + 1
        drho = (db * s[:, 1:] * (z[..., 0] - (rho / c)[:, None] * z[..., 1])).sum(1)
        g[:, 4] = drho * c**2 - 4 * rho
        gz = np.stack([da * s[:, :1] + db * s[:, 1:] * rho[:, None], db * s[:, 1:] * c[:, None]], -1) - z
        g[:, 5:] = gz.reshape(len(q), 12)
        return lp, g

    q = 0.3 * rng.randn(400, 17)
    lp, g = value_and_gradient(q)
    h = 1e-5
    for i in range(17):
        d = np.zeros(17)
        d[i] = h
        numeric = (value_and_gradient(q[:1] + d)[0] - value_and_gradient(q[:1] - d)[0]) / (2 * h)
        assert abs(numeric[0] - g[0, i]) < 1e-5 * max(1, abs(numeric[0]))
    scale = np.ones(17)
    sums, squares, kept, accepted, window = 0.0, 0.0, 0, 0.0, []
    for it in range(2000):
        eps = (0.02 if it < 500 else 0.05) * (0.7 + 0.6 * rng.rand())
        p = rng.randn(400, 17)
        h0 = lp - 0.5 * (p**2).sum(1)
        qn, gn, ln = q.copy(), g, lp
        for _ in range(50):
            p = p + 0.5 * eps * scale * gn
            qn = qn + eps * scale * p
            ln, gn = value_and_gradient(qn)
            p = p + 0.5 * eps * scale * gn
        take = np.log(rng.rand(400)) < ln - 0.5 * (p**2).sum(1) - h0
        accepted += take.mean() if it >= 1000 else 0
        q[take], lp[take], g = qn[take], ln[take], np.where(take[:, None], gn, g)
        if 200 <= it < 500:
            window.append(q.copy())
        if it == 499:
            scale = np.concatenate(window).std(0)
        if it >= 1000:
            c = np.column_stack([q[:, 0], q[:, 1], np.exp(q[:, 2]), np.exp(q[:, 3]), np.tanh(q[:, 4])])
            sums, squares, kept = sums + c, squares + c**2, kept + 1
    m = sums / kept
    sd = np.sqrt((squares / kept).mean(0) - m.mean(0) ** 2)
    print("  accepted %.2f, error of the means" % (accepted / kept), np.round(m.std(0) / 20, 5))
    show("UcbAdmit", list(zip(["v_mu[0]", "v_mu[1]", "sigma[0]", "sigma[1]", "rho"], zip(m.mean(0), sd))))


def hidden_markov():
    rng = np.random.RandomState(31)
    t = 200
    state = np.cumsum(rng.uniform(size=t) < 0.12) % 2
    (y,) = save("hidden_markov.csv", "y", 1.1 * (2 * state - 1) + rng.randn(t))
    stay, mu = np.meshgrid((np.arange(400) + 0.5) / 400, np.linspace(0.4, 1.8, 401), indexing="ij")
    like = np.exp(stats.norm.logpdf(y[:, None, None, None], np.stack([-mu, mu]), 1))
    # Scaled forward and backward sweeps at every point of the grid; the state before the first step is 0.
    forward, log = [np.stack([np.ones_like(mu), np.zeros_like(mu)])], 0
    for k in range(t):
        a = forward[-1]
        a = np.stack([a[0] * stay + a[1] * (1 - stay), a[1] * stay + a[0] * (1 - stay)]) * like[k]
        log = log + np.log(a.sum(0))
        forward.append(a / a.sum(0))
    w = log + stats.beta.logpdf(stay, 8, 2) + stats.halfnorm.logpdf(mu, 0, 3)
    back, high = np.ones_like(forward[0]), []
    for k in range(t - 1, -1, -1):
        p = forward[k + 1] * back
        high.append(p[1] / p.sum(0))
        b = back * like[k]
        back = np.stack([b[0] * stay + b[1] * (1 - stay), b[1] * stay + b[0] * (1 - stay)])
        back = back / back.sum(0)
    show("HiddenMarkov", list(zip(["stay", "mu", "steps in state 1"], moments(w, stay, mu, np.sum(high, 0)))))


def subsampling():
    rng = np.random.RandomState(41)
    x = rng.randn(5000)
    x, y = save("subsampling.csv", "x, y", x, (rng.uniform(size=5000) < expit(-0.7 + 1.2 * x)).astype(float))
    # Points of a normal approximation; the weights are exact, so that the grid need only be wide and fine enough.
    a, b = np.meshgrid(np.linspace(-1.1, -0.4, 141), np.linspace(0.9, 1.6, 141), indexing="ij")
    log = stats.norm.logpdf(a, 0, 2) + stats.norm.logpdf(b, 0, 2)
    for xi, yi in zip(x, y):
        eta = a + b * xi
        log += yi * eta - np.logaddexp(0, eta)
    show("Subsampling", list(zip("ab", moments(log, a, b))))


def legendre_grid(*ranges):
    """Nodes and log weights of a product of Gauss-Legendre rules; a range is (from, to, number of nodes)."""
    rules = [np.array(gauss_legendre(*r)).T for r in ranges]
    nodes = np.meshgrid(*[x for x, _ in rules], indexing="ij")
    weights = np.meshgrid(*[w for _, w in rules], indexing="ij")
    return nodes, sum(np.log(w) for w in weights)


def annotation():
    # Table 1 of Dawid and Skene (1979): 45 patients, judged by five anaesthetists, by the first of them three times. Gibbs samplers, 400 chains
    # side by side from the majority vote; the error is from the spread of their means.
    rows = """1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111
              1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121
              1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222""".split()
    table = np.array([[int(v) for v in r] for r in rows])
    save("annotations.csv", "category given by annotator 1, 1, 1, 2, 3, 4, 5", *table.T)
    y, who = table - 1, np.array([0, 0, 0, 1, 2, 3, 4])
    chains, items, k = 400, 45, 4
    rng = np.random.RandomState(5)
    hot = np.eye(k)[y]  # items, positions, k
    own = np.eye(5)[who]  # positions, annotators
    vote = np.array([np.bincount(r, minlength=k).argmax() for r in y])

    def dirichlet(a):
        g = rng.standard_gamma(a)
        return g / g.sum(-1, keepdims=True)

    def choose(log):
        return (log + rng.gumbel(size=log.shape)).argmax(-1)

    prior = 1 + 4 * np.eye(k)
    for name, per in (("multinomial", np.ones((7, 1))), ("dawid_skene", own)):
        counts = np.einsum("ipk,pa->iak", hot, per)
        c = np.tile(vote, (chains, 1))
        kept = []
        for it in range(1200):
            z = np.eye(k)[c]
            pi = dirichlet(1 + z.sum(1))
            beta = dirichlet(prior + np.einsum("sic,iak->sack", z, counts))
            log = np.log(pi)[:, None] + np.einsum("iak,sack->sic", counts, np.log(beta))
            c = choose(log)
            if it >= 200:
                w = np.exp(log - logsumexp(log, axis=-1, keepdims=True))
                kept.append(np.column_stack([pi[:, 0], pi[:, 1], beta[:, 0, 1, 1], beta[:, -1, 2, 2], w[:, 1, 2], w[:, 35, 3], w[:, 9, 1]]))
        kept = np.array(kept)
        m = kept.mean((0, 1))
        print("  error of the means", np.round(kept.mean(0).std(0) / 20, 5))
        show("Annotation " + name, list(zip(["pi 1", "pi 2", "beta[1][2,2]", "beta[5][3,3]", "P(2 is 3)", "P(36 is 4)", "P(10 is 2)"], zip(m, kept.std((0, 1))))))
    # MACE: an annotator knows the category with probability theta, or says anything by epsilon.
    c, kept = np.tile(vote, (chains, 1)), []
    for it in range(1600):
        if it == 0:
            theta, epsilon = np.full((chains, 5), 0.7), np.full((chains, 5, k), 0.25)
        # P(y | c) with s summed out, then s given c.
        e = np.einsum("pa,sak->spk", own, np.log(epsilon))
        said = np.einsum("ipk,spk->sip", hot, np.exp(e))
        th = theta[:, who][:, None, :]
        log = np.zeros((chains, items, k))
        for j in range(k):
            log[..., j] = np.log(th * (y == j) + (1 - th) * said).sum(-1)
        c = choose(log)
        right = y[None] == c[..., None]
        s = rng.uniform(size=right.shape) >= np.where(right, th / (th + (1 - th) * said), 0)
        theta = rng.beta(0.5 + np.einsum("sip,pa->sa", 1.0 - s, own), 0.5 + np.einsum("sip,pa->sa", 1.0 * s, own))
        theta = np.clip(theta, 1e-12, 1 - 1e-12)
        epsilon = dirichlet(10 + np.einsum("sip,ipk,pa->sak", 1.0 * s, hot, own))
        if it >= 400:
            w = np.exp(log - logsumexp(log, axis=-1, keepdims=True))
            kept.append(np.column_stack([theta[:, 0], theta[:, 1], theta[:, 4], w[:, 1, 2], w[:, 35, 3], w[:, 9, 1]]))
    kept = np.array(kept)
    print("  error of the means", np.round(kept.mean(0).std(0) / 20, 5))
    show("Annotation mace", list(zip(["theta 1", "theta 2", "theta 5", "P(2 is 3)", "P(36 is 4)", "P(10 is 2)"], zip(kept.mean((0, 1)), kept.std((0, 1))))))


def capture_recapture():
    # European dippers (Marzolin 1988; Lebreton et al. 1992, table 10): releases, and those recaptured first 1, 2, ... years later.
    release = np.array([22, 60, 78, 80, 88, 98])
    again = {(0, 1): 11, (0, 2): 2, (1, 2): 24, (1, 3): 1, (2, 3): 34, (2, 4): 2, (3, 4): 45, (3, 5): 1, (3, 6): 2, (4, 5): 51, (5, 6): 52}
    never = release - np.array([sum(n for (i, _), n in again.items() if i == k) for k in range(6)])

    def log_likelihood(phi, p):
        out = 0
        for i in range(6):
            lost = 1
            for j in range(i + 1, 7):
                q = np.prod([phi[t] for t in range(i, j)], 0) * (1 - p) ** (j - i - 1) * p
                out = out + again.get((i, j), 0) * np.log(q)
                lost = lost - q
            out = out + never[i] * np.log(lost)
        return out

    (phi, p), w = legendre_grid((0.3, 0.8, 200), (0.6, 0.999, 200))
    show("CaptureRecapture constant", list(zip(["phi", "p"], moments(w + log_likelihood([phi] * 6, p), phi, p))))
    # The years of a flood are the second and the third.
    (dry, wet, p), w = legendre_grid((0.3, 0.85, 90), (0.15, 0.8, 90), (0.6, 0.999, 90))
    show("CaptureRecapture flood", list(zip(["phi", "phi flood", "p", "difference"],
                                            moments(w + log_likelihood([dry, wet, wet, dry, dry, dry], p), dry, wet, p, dry - wet))))


def music():
    # Sequences of unequal length, four tones that sound or not; two hidden states in each sequence.
    rng = np.random.RandomState(8)
    lengths = np.array([24, 18, 12, 30, 8])
    z = np.zeros((30, 5), int)
    y = np.zeros((30, 5, 4))
    for n in range(5):
        for t in range(30):
            before = z[t - 1, n] if t else 0
            z[t, n] = before if rng.uniform() < 0.85 else 1 - before
            old = y[t - 1, n] if t else np.zeros(4)
            y[t, n] = rng.uniform(size=4) < expit(-1.2 + 1.9 * z[t, n] + 0.8 * old)
    mask = np.arange(30)[:, None] < lengths
    y = y * mask[..., None]
    save("music.csv", "sequence, step, four tones", *np.array([[n, t, *y[t, n]] for n in range(5) for t in range(lengths[n])]).T)

    def forward(stay, like):
        log = 0
        for n in range(5):
            a = [np.ones_like(stay), np.zeros_like(stay)]
            for t in range(lengths[n]):
                a = [a[0] * stay + a[1] * (1 - stay), a[1] * stay + a[0] * (1 - stay)]
                a = [a[0] * like(t, n, 0), a[1] * like(t, n, 1)]
                s = a[0] + a[1]
                log, a = log + np.log(s), [a[0] / s, a[1] / s]
        return log

    (stay, low, rise), w = legendre_grid((0.3, 0.999, 60), (0.01, 0.7, 70), (1e-6, 1 - 1e-6, 80))
    high = low + (1 - low) * rise
    on = y.sum(2)
    log = forward(stay, lambda t, n, s: [low, high][s] ** on[t, n] * (1 - [low, high][s]) ** (4 - on[t, n]))
    w = w + log + stats.beta.logpdf(stay, 8, 2) + stats.beta.logpdf(low, 2, 5) + stats.beta.logpdf(rise, 2, 2)
    show("HmmPlates", list(zip(["stay", "low", "rise"], moments(w, stay, low, rise))))

    (stay, a0, rise, b), w = legendre_grid((0.3, 0.999, 30), (-4, 1.5, 36), (0, 6, 40), (-1.5, 4, 36))
    old = np.concatenate([np.zeros((1, 5, 4)), y[:-1]])
    count = [[(y * (old == o)).sum(2), ((1 - y) * (old == o)).sum(2)] for o in (0, 1)]
    terms = [[(np.log(expit(a + b * o)), np.log(expit(-a - b * o))) for o in (0, 1)] for a in (a0, a0 + rise)]

    def like(t, n, s):
        return np.exp(sum(count[o][0][t, n] * terms[s][o][0] + count[o][1][t, n] * terms[s][o][1] for o in (0, 1)))

    w = w + forward(stay, like) + stats.beta.logpdf(stay, 8, 2) + stats.norm.logpdf(a0, -1, 1) + stats.halfnorm.logpdf(rise, 0, 2) + stats.norm.logpdf(b, 0, 1)
    show("HmmAutoregressive", list(zip(["stay", "off", "rise", "memory"], moments(w, stay, a0, rise, b))))


def gaussian_mixture():
    # Five points, all 32 assignments to two components; weights and means integrated out, the scale by quadrature.
    x = np.array([0, 1, 10, 11, 12.0])
    t, w = np.array(gauss_legendre(-6, 8, 1000)).T
    s = np.exp(2 * t)  # log scale = 2 t, t standard normal
    log, apart, lows, highs, pair = [], [], [], [], []
    for a in range(32):
        z = np.array([(a >> i) & 1 for i in range(5)])
        n = np.array([(z == 0).sum(), (z == 1).sum()])
        lw = gammaln(1) - gammaln(6) + sum(gammaln(0.5 + k) - gammaln(0.5) for k in n) + stats.norm.logpdf(t) + np.log(w)
        means = []
        for k in (0, 1):
            v = x[z == k]
            precision = 1 / 100 + len(v) / s**2
            m = v.sum() / s**2 / precision
            lw = lw - 0.5 * len(v) * np.log(2 * np.pi * s**2) - 0.5 * (v**2).sum() / s**2 - 0.5 * np.log(100 * precision) + 0.5 * precision * m**2
            means.append((m, 1 / np.sqrt(precision)))
        # E min(a, b) and E max(a, b) of two independent normal variables (Clark 1961).
        (m0, s0), (m1, s1) = means
        th = np.sqrt(s0**2 + s1**2)
        d = (m0 - m1) / th
        highest = m0 * stats.norm.cdf(d) + m1 * stats.norm.cdf(-d) + th * stats.norm.pdf(d)
        log.append(lw), highs.append(highest), lows.append(m0 + m1 - highest)
        apart.append(np.full_like(s, z[1] != z[2])), pair.append(np.full_like(s, z[0] == z[1]))
    log = np.array(log)
    show("GaussianMixture", list(zip(["log scale", "lower mean", "higher mean", "1 and 10 apart", "0 and 1 together"],
                                     moments(log, np.tile(2 * t, (32, 1)), np.array(lows), np.array(highs), np.array(apart), np.array(pair)))))


def discrete_imputation():
    # Who took the drug is not always known; the number of those who did among the others is summed over, the rates are integrated out.
    rng = np.random.RandomState(12)
    n = 120
    drug = (rng.uniform(size=n) < 0.4) * 1.0
    well = (rng.uniform(size=n) < np.where(drug == 1, 0.8, 0.35)) * 1.0
    shown = np.where(rng.uniform(size=n) < 0.4, -1, drug)
    save("drug.csv", "drug (-1: not known), recovered", shown, well)
    count = {(d, r): ((shown == d) & (well == r)).sum() for d in (-1, 0, 1) for r in (0, 1)}
    i, j = np.meshgrid(np.arange(count[-1, 1] + 1), np.arange(count[-1, 0] + 1), indexing="ij")  # drugged among the well, the ill
    a1, a0 = count[1, 1] + i, count[1, 0] + j
    b1, b0 = count[0, 1] + count[-1, 1] - i, count[0, 0] + count[-1, 0] - j
    choose = lambda m, k: gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
    w = choose(count[-1, 1], i) + choose(count[-1, 0], j) + betaln(2 + a1 + a0, 2 + b1 + b0) + betaln(2 + a1, 2 + a0) + betaln(2 + b1, 2 + b0)
    share, with_drug, without = (2 + a1 + a0) / (4 + n), (2 + a1) / (4 + a1 + a0), (2 + b1) / (4 + b1 + b0)
    # The standard deviations are those of the means given that number, without the spread around them.
    show("DiscreteImputation", list(zip(["P(drug)", "P(well | drug)", "P(well | none)", "drugged among the unknown"], moments(w, share, with_drug, without, i + j))))
    print("  unknown", count[-1, 0] + count[-1, 1])


def toy_mixture():
    # A -> B -> C with B hidden: the data are four counts.
    rng = np.random.RandomState(3)
    n = 300
    a = rng.uniform(size=n) < 0.6
    b = rng.uniform(size=n) < np.where(a, 0.85, 0.2)
    c = rng.uniform(size=n) < np.where(b, 0.9, 0.15)
    save("toy_mixture.csv", "A, C, how often", *np.array([[i, j, ((a == i) & (c == j)).sum()] for i in (0, 1) for j in (0, 1)]).T)
    (b0, b1, c0, c1), w = legendre_grid(*[(1e-6, 1 - 1e-6, 44)] * 4)
    for i, q in ((0, b0), (1, b1)):
        p = q * c1 + (1 - q) * c0
        w = w + ((a == i) & c).sum() * np.log(p) + ((a == i) & ~c).sum() * np.log(1 - p)
    w = w + sum(stats.beta.logpdf(v, *ab) for v, ab in ((b0, (2, 8)), (b1, (8, 2)), (c0, (2, 8)), (c1, (8, 2))))
    show("ToyMixture", list(zip(["P(B | not A)", "P(B | A)", "P(C | not B)", "P(C | B)"], moments(w, b0, b1, c0, c1))))
    pa = (1 + a.sum()) / (2 + n)
    print("  P(A) %.5f" % pa)


def autoregression():
    rng = np.random.RandomState(4)
    y = np.zeros(202)
    for t in range(2, 202):
        y[t] = 0.3 + 0.9 * y[t - 1] - 0.4 * y[t - 2] + 0.6 * rng.randn()
    (y,) = save("autoregression.csv", "y", y[2:])
    x = np.column_stack([np.ones(198), y[1:-1], y[:-2]])
    moment, _ = linear_regression(x, y[2:], np.ones(3), stats.halfnorm.logpdf, gauss_legendre(0.35, 1.0, 60))
    show("Ar2", list(zip(["constant", "alpha 1", "alpha 2", "sigma"], moment)))
    m = [v for v, _ in moment]
    print("  one step ahead %.5f" % (m[0] + m[1] * y[-1] + m[2] * y[-2]))


def holt_winters():
    # Given the smoothing and the noise the series is linear in the six starting values, which are integrated out.
    rng = np.random.RandomState(6)
    season, n, m = np.array([0.8, -0.3, -0.9, 0.4]), 48, 4
    y = 0.05 * np.arange(n) + season[np.arange(n) % 4] + 0.3 * rng.randn(n)
    (y,) = save("seasons.csv", "y", y)
    (alpha, beta, gamma), lw = legendre_grid(*[(0, 1, 28)] * 3)
    shape = (28, 28, 28)
    unit = np.eye(7)  # the constant part, then level, trend and seasons at the start
    level, trend = np.broadcast_to(unit[1], shape + (7,)), np.broadcast_to(unit[2], shape + (7,))
    seasons = [np.broadcast_to(unit[3 + k], shape + (7,)) for k in range(4)]
    a, bt, g = alpha[..., None], beta[..., None], (gamma * (1 - alpha))[..., None]
    gram = np.zeros(shape + (7, 7))
    for t in range(n):
        mu = level + trend + seasons[0]
        e = y[t] * unit[0] - mu  # residual = e[0] + e[1:] · start
        gram += e[..., :, None] * e[..., None, :]
        new = a * (y[t] * unit[0] - seasons[0]) + (1 - a) * (level + trend)
        newest = g * (y[t] * unit[0] - (level + trend)) + (1 - g) * seasons[0]
        level, trend = new, bt * (new - level) + (1 - bt) * trend
        seasons = seasons[1:] + [newest]
    ahead = [level + (h + 1) * trend + seasons[h % 4] for h in (0, 3)]
    rule = gauss_legendre(0.15, 0.75, 40)
    log, forecasts = [], [[], []]
    for s, v in rule:
        precision = gram[..., 1:, 1:] / s**2 + np.eye(6)
        mean = np.linalg.solve(precision, -gram[..., 1:, :1] / s**2)[..., 0]
        fit = gram[..., 0, 0] / s**2 + (gram[..., 0, 1:] * mean).sum(-1) / s**2
        log.append(lw + np.log(v) - n * np.log(s) - 0.5 * fit - 0.5 * np.linalg.slogdet(precision)[1] + stats.halfnorm.logpdf(s))
        for k in (0, 1):
            forecasts[k].append(ahead[k][..., 0] + (ahead[k][..., 1:] * mean).sum(-1))
    one = np.ones((40,) + shape)
    values = [one * alpha, one * beta, one * gamma, one * np.array(rule)[:, 0, None, None, None], np.array(forecasts[0]), np.array(forecasts[1])]
    show("HoltWinters", list(zip(["level", "trend", "season", "noise", "one step", "four steps"], moments(np.array(log), *values))))


def semi_supervised():
    # Words whose categories are known and words whose categories are hidden. Gibbs sampling by forward filtering and backward sampling, 400
    # chains side by side.
    rng = np.random.RandomState(9)
    k, v, known, hidden = 3, 6, 60, 140
    move = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]])
    say = np.array([[0.6, 0.2, 0.1, 0.05, 0.03, 0.02], [0.05, 0.1, 0.5, 0.25, 0.05, 0.05], [0.02, 0.03, 0.05, 0.1, 0.4, 0.4]])
    z, words = [0], []
    for t in range(known + hidden):
        z.append(rng.choice(k, p=move[z[-1]]))
        words.append(rng.choice(v, p=say[z[-1]]))
    z, words = np.array(z[1:]), np.array(words)
    save("words.csv", "category (-1: hidden), word", np.where(np.arange(known + hidden) < known, z, -1), words)
    chains, kept = 400, []
    state = np.tile(z, (chains, 1))
    hot = np.eye(v)[words]
    for it in range(700):
        c = np.eye(k)[state]
        moves = np.einsum("sti,stj->sij", c[:, :-1], c[:, 1:])
        theta = rng.standard_gamma(1 + moves)
        theta = theta / theta.sum(-1, keepdims=True)
        phi = rng.standard_gamma(0.5 + np.einsum("sti,tw->siw", c, hot)) + 1e-300
        phi = phi / phi.sum(-1, keepdims=True)
        a, filtered = np.eye(k)[state[:, known - 1]], []
        for t in range(known, known + hidden):
            a = np.einsum("si,sij->sj", a, theta) * phi[:, :, words[t]]
            a = a / a.sum(-1, keepdims=True)
            filtered.append(a)
        w = filtered[-1]
        for t in range(hidden - 1, -1, -1):
            state[:, known + t] = (np.log(w) + rng.gumbel(size=w.shape)).argmax(-1)
            if t > 0:
                w = filtered[t - 1] * np.take_along_axis(theta, state[:, known + t][:, None, None].repeat(k, 1), 2)[..., 0]
                w = w / w.sum(-1, keepdims=True)
        if it >= 100:
            first = (state[:, known:] == 0).sum(1)
            kept.append(np.column_stack([theta[:, 0, 0], theta[:, 1, 1], theta[:, 2, 2], phi[:, 0, 0], phi[:, 1, 2], phi[:, 2, 5], first]))
    kept = np.array(kept)
    print("  error of the means", np.round(kept.mean(0).std(0) / 20, 5))
    labels = ["stay 1", "stay 2", "stay 3", "word 1 | 1", "word 3 | 2", "word 6 | 3", "hidden words of category 1"]
    show("SemiSupervisedHmm", list(zip(labels, zip(kept.mean((0, 1)), kept.std((0, 1))))))


if __name__ == "__main__":
    for answer in (bayesian_regression, baseball, gaussian_process, proportion_test, censoring, truncated_distributions, circulant_gp,
                   zero_inflated_poisson, hierarchical_regression, ordinal_regression, imputation, horseshoe, ucb_admit, hidden_markov,
                   annotation, capture_recapture, music, gaussian_mixture, discrete_imputation, toy_mixture, autoregression, holt_winters,
                   semi_supervised, subsampling):
        answer()
