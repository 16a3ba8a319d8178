package kiln.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is wrong with a run, in words, each with a remedy; nothing for a good one.
///
/// | finding | limit |
/// |---|---|
/// | not finite | any NaN or infinite draw |
/// | too few draws | 4 of each chain |
/// | stuck chains | means of two groups of chains further apart than two of their widths, or no movement |
/// | R̂ | rank-normalised R̂ above 1.01, and larger than in 99% of all runs whose chains agree ([Rhat#falseAlarm(double, double\[\]\[\])], over all quantities) |
/// | effective sample size | bulk or tail ESS below 100 for each chain; R̂ above 1.01 that may be chance |
/// | divergences | any |
/// | energy | E-BFMI below 0.3 in a chain |
/// | tree depth | any trajectory cut off |
///
/// Quantities that keep one value in all chains, such as the fixed corners of a Cholesky factor, are left out. Where chains are stuck, R̂ and
/// ESS are bad for that reason and are not listed.
///
/// Source: the limits of Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021) and Betancourt (2016).
///
/// @param findings what is wrong, what spoils most first
public record Verdict(List<Finding> findings) {
    private static final int MIN_DRAWS = 4;
    private static final double MAX_RHAT = 1.01;
    /// How often, over all quantities, chains that agree may be said to disagree.
    private static final double FALSE_ALARM = 0.01;
    private static final double ESS_PER_CHAIN = 100;
    private static final double MIN_EBFMI = 0.3;
    /// How many more draws are advised than the present rate asks for: it is an estimate itself.
    private static final double MARGIN = 1.2;

    /// Copies the list.
    public Verdict {
        findings = List.copyOf(findings);
    }

    /// {@return whether nothing is wrong}
    public boolean isGood() {
        return findings.isEmpty();
    }

    /// {@return whether there is a finding of a kind}
    public boolean has(Finding.Kind kind) {
        return findings.stream().anyMatch(f -> f.kind() == kind);
    }

    /// The verdict on a run.
    ///
    /// @param draws  the draws of the random variables
    /// @param report what the sampler tells about them; [SamplerReport#NONE] for draws from elsewhere
    public static Verdict of(Draws draws, SamplerReport report) {
        return of(draws.chains(), draws.draws(), List.of(draws), report);
    }

    /// The verdict on a run whose draws need not be in memory together.
    ///
    /// @param chains number of chains
    /// @param draws  of each chain
    /// @param parts  the draws of the random variables, such as one site each, looked at one after the other and not kept
    /// @param report what the sampler tells about them; [SamplerReport#NONE] for draws from elsewhere
    public static Verdict of(int chains, int draws, Iterable<Draws> parts, SamplerReport report) {
        List<Finding> findings = new ArrayList<>();
        List<Quantity> quantities = quantities(parts, draws >= MIN_DRAWS, report, findings);
        if (draws < MIN_DRAWS) {
            findings.add(new Finding(Finding.Kind.TOO_FEW_DRAWS,
                    (draws == 1 ? "There is 1 draw" : "There are " + draws + " draws") + " of each chain: nothing can be said about convergence.",
                    "numSamples(1000)."));
            return new Verdict(findings);
        }
        Optional<Finding> stuck = stuck(chains, quantities);
        stuck.ifPresent(findings::add);
        if (stuck.isEmpty()) {
            mixing(chains, draws, quantities.stream().filter(Quantity::varies).toList(), report, findings);
        }
        divergences(chains * draws, quantities, report, findings);
        energy(report, findings);
        treeDepth(report, findings);
        return new Verdict(findings);
    }

    /// What is known of one scalar quantity; its draws are not kept.
    ///
    /// @param varies  whether it has more than one value
    /// @param still   chains in which it keeps one
    /// @param apart   chains that stay away from the others
    /// @param rhat    NaN if it does not vary
    /// @param bulk    effective draws in the bulk
    /// @param tail    effective draws in the tails
    /// @param chance  of an R̂ above the limit; asked where it is
    /// @param gathers where divergent iterations gather
    private record Quantity(String label, boolean varies, BitSet still, Optional<StuckChains> apart, double rhat, double bulk, double tail,
            Optional<RhatChance> chance, Optional<DivergencePlace> gathers) {
        static Quantity of(String label, double[][] x, SamplerReport report) {
            double first = x[0][0];
            boolean varies = Arrays.stream(x).anyMatch(chain -> Arrays.stream(chain).anyMatch(v -> v != first));
            boolean located = Arrays.stream(report.divergences()).sum() > 0 && report.diverging().length == x.length
                    && Arrays.stream(report.diverging()).allMatch(chain -> chain.length == x[0].length);
            Optional<DivergencePlace> gathers = located ? DivergencePlace.in(label, x, report.diverging()) : Optional.empty();
            if (!varies) {
                return new Quantity(label, false, new BitSet(), Optional.empty(), Double.NaN, Double.NaN, Double.NaN, Optional.empty(), gathers);
            }
            RankScores scores = RankScores.of(x);
            double rhat = scores.rhat();
            return new Quantity(label, true, StuckChains.still(x), StuckChains.in(label, x), rhat, scores.essBulk(), EffectiveSampleSize.essTail(x),
                    rhat > MAX_RHAT ? Optional.of(RhatChance.of(scores, x.length, x[0].length)) : Optional.empty(), gathers);
        }

        /// The smaller of the two effective sizes.
        double ess() {
            return Math.min(bulk, tail);
        }

        /// How often chains that agree have so large an R̂, or larger than a limit.
        double chance(double limit) {
            return chance.map(c -> c.exceeds(limit, 1)).orElse(Double.NaN);
        }
    }

    /// The quantities that are finite; the others are findings.
    ///
    /// @param enough whether there are enough draws to look at them
    private static List<Quantity> quantities(Iterable<Draws> parts, boolean enough, SamplerReport report, List<Finding> findings) {
        List<Quantity> out = new ArrayList<>();
        for (Draws draws : parts) {
            for (String name : draws.names()) {
                List<String> labels = draws.labels(name);
                for (int e = 0; e < labels.size(); e++) {
                    double[][] x = draws.element(name, e);
                    long bad = Arrays.stream(x).flatMapToDouble(Arrays::stream).filter(v -> !Double.isFinite(v)).count();
                    if (bad == 0 && enough) {
                        out.add(Quantity.of(labels.get(e), x, report));
                    } else if (bad > 0 && findings.isEmpty()) {
                        findings.add(new Finding(Finding.Kind.NOT_FINITE,
                                labels.get(e) + " is not finite in " + bad + " of " + draws.chains() * draws.draws() + " draws.",
                                "look for overflow, log(0) or 0/0 in what the model computes it from, or for a prior so wide that its"
                                        + " values overflow."));
                    }
                }
            }
        }
        return out;
    }

    private static Optional<Finding> stuck(int chains, List<Quantity> quantities) {
        if (!quantities.isEmpty() && quantities.stream().noneMatch(Quantity::varies)) {
            return Optional.of(new Finding(Finding.Kind.STUCK_CHAINS, "No chain moved: every quantity keeps one value in all draws.",
                    "look at the step size and the divergences of the run; a step size that was given may be far too large, or the"
                            + " density is zero around the start: start elsewhere by initParams."));
        }
        var still = new BitSet();
        still.set(0, quantities.isEmpty() ? 0 : chains);
        quantities.stream().filter(Quantity::varies).forEach(q -> still.and(q.still));
        if (!still.isEmpty()) {
            return Optional.of(new Finding(Finding.Kind.STUCK_CHAINS,
                    still.cardinality() + " of " + chains + " chains did not move: "
                            + StuckChains.chains(still.stream().toArray()) + " kept one value in all draws.",
                    "start elsewhere by initParams, or let the warm-up find a smaller step size: numWarmup("
                            + "2000), targetAcceptProb(0.95)."));
        }
        return quantities.stream()
                .flatMap(q -> q.apart.stream())
                .max(Comparator.comparingDouble(StuckChains::ratio))
                .map(s -> new Finding(Finding.Kind.STUCK_CHAINS, s.sentence(),
                        "the posterior has several modes, or some chains started in a remote one: make the model choose one by an"
                                + " ordered constraint or a more informative prior, or start all chains near the same by initParams."));
    }

    private static void mixing(int chains, int draws, List<Quantity> varying, SamplerReport report, List<Finding> findings) {
        List<Quantity> alarms = varying.stream().filter(q -> q.chance.isPresent()).sorted(Comparator.comparingDouble(q -> -q.rhat)).toList();
        // One false alarm in a hundred runs, over all quantities.
        double rate = FALSE_ALARM / Math.max(varying.size(), 1);
        List<Quantity> real = alarms.stream().filter(q -> q.chance(q.rhat) < rate).toList();
        if (!real.isEmpty()) {
            Quantity q = real.getFirst();
            findings.add(new Finding(Finding.Kind.R_HAT,
                    "The chains disagree: R̂ is above 1.01, and too far to be chance, for " + real.size() + " of " + varying.size()
                            + " quantities, largest for " + q.label + " (" + Text.decimals(q.rhat, 3) + ", as large in "
                            + Text.percent(q.chance(q.rhat)) + " of the runs of chains that agree).",
                    "more warm-up and more draws; if that does not help, write the model such that "
                            + q.label + " depends less on the other sites (non-centred, standardised data)."));
        }
        tooFew(chains, draws, varying, real.isEmpty() ? alarms : List.of(), rate, report, findings);
    }

    /// Too few effective draws for estimates, or for R̂ to tell chains that agree from others.
    ///
    /// @param alarms those whose R̂ may be above the limit by chance, the largest first
    /// @param rate   how often such an alarm may be false
    private static void tooFew(
            int chains, int draws, List<Quantity> varying, List<Quantity> alarms, double rate, SamplerReport report, List<Finding> findings) {
        double wanted = ESS_PER_CHAIN * chains;
        List<Quantity> poor = varying.stream().filter(q -> q.ess() < wanted).sorted(Comparator.comparingDouble(Quantity::ess)).toList();
        var sentences = new ArrayList<String>();
        double factor = 1;
        if (!poor.isEmpty()) {
            Quantity q = poor.getFirst();
            factor = wanted / q.ess();
            sentences.add("The draws are worth too few independent ones: of " + Text.decimals(wanted, 0) + " asked for (100 per chain), "
                    + q.label + " has " + Text.decimals(q.bulk, 0) + " in the bulk and "
                    + Text.decimals(q.tail, 0) + " in the tails" + (poor.size() > 1 ? "; " + poor.size() + " quantities have too few." : "."));
        }
        if (!alarms.isEmpty()) {
            Quantity q = alarms.getFirst();
            factor = Math.max(factor, alarms.stream().mapToDouble(a -> a.chance.orElseThrow().factor(MAX_RHAT, rate)).max().orElseThrow());
            sentences.add((sentences.isEmpty() ? "The draws are worth too few independent ones for R̂ to tell anything: it" : "R̂") + " is above 1.01 for "
                    + alarms.size() + " of " + varying.size() + " quantities, largest for " + q.label + " (" + Text.decimals(q.rhat, 3)
                    + "), " + byChance(q.chance(MAX_RHAT)));
        }
        if (!sentences.isEmpty()) {
            findings.add(new Finding(Finding.Kind.EFFECTIVE_SAMPLE_SIZE, String.join(" ", sentences),
                    (factor <= 20 ? "numSamples(" + rounded(MARGIN * factor * draws) + ")"
                            : "a model whose parts depend less on each other (non-centred, standardised data)"
                                    + (report.takesDenseMass() ? ", or denseMass(true)" : "")) + "."));
        }
    }

    private static String byChance(double probability) {
        return probability > 0.99
                ? "which tells nothing: with so few effective draws it would be, whether the chains agree or not."
                : "but so it is in " + Text.percent(probability) + " of the runs of chains that agree.";
    }

    /// A number of draws that people would write: up to two digits and zeros.
    private static long rounded(double draws) {
        long unit = 1;
        while (draws / unit > 100) {
            unit *= 10;
        }
        return (long) Math.ceil(draws / unit) * unit;
    }

    private static void divergences(int total, List<Quantity> quantities, SamplerReport report, List<Finding> findings) {
        int count = Arrays.stream(report.divergences()).sum();
        if (count == 0) {
            return;
        }
        Optional<DivergencePlace> place = quantities.stream().flatMap(q -> q.gathers.stream()).max(Comparator.comparingDouble(DivergencePlace::strength));
        String first = count + (count == 1 ? " iteration" : " iterations") + " diverged (" + total + " draws): parts of the posterior"
                + " that curve sharply are missed.";
        findings.add(new Finding(Finding.Kind.DIVERGENCES,
                first + place.map(p -> " " + p.sentence()).orElse(""),
                count < 0.01 * total
                        ? "targetAcceptProb(0.95); if some stay, a non-centred model (LocScaleReparam)."
                        : "a non-centred model (LocScaleReparam) or a more informative prior on scales; targetAcceptProb(0.99) alone seldom"
                                + " helps against so many."));
    }

    private static void energy(SamplerReport report, List<Finding> findings) {
        double[] fractions = Arrays.stream(report.energy()).mapToDouble(EnergyFraction::ebfmi).toArray();
        int[] low = IntStream.range(0, fractions.length).filter(c -> fractions[c] < MIN_EBFMI).toArray();
        if (low.length > 0) {
            findings.add(new Finding(Finding.Kind.ENERGY,
                    "The momentum explores the energies too slowly: E-BFMI is below 0.3 in " + StuckChains.chains(low) + " (smallest "
                            + Text.decimals(Arrays.stream(fractions).filter(v -> v < MIN_EBFMI).min().orElseThrow(), 2) + ").",
                    "a non-centred model, or lighter tails (a narrower prior on scales)."));
        }
    }

    private static void treeDepth(SamplerReport report, List<Finding> findings) {
        int max = report.maxTreeDepth().orElse(Integer.MAX_VALUE);
        long all = Arrays.stream(report.treeDepth()).mapToLong(chain -> chain.length).sum();
        long cut = Arrays.stream(report.treeDepth()).flatMapToDouble(Arrays::stream).filter(d -> d >= max).count();
        if (cut > 0) {
            findings.add(new Finding(Finding.Kind.TREE_DEPTH,
                    cut + " of " + all + " trajectories were cut off at the tree depth " + max + ": the draws are right, but each is dear.",
                    (report.takesDenseMass() ? "denseMass(true) if sites are strongly correlated" : "a model whose parts depend less on each other")
                            + ", data of unit scale, or maxTreeDepth(" + (max + 2) + ")."));
        }
    }

    /// The findings, numbered; empty for a good run.
    @Override
    public String toString() {
        return IntStream.range(0, findings.size()).mapToObj(i -> (i + 1) + ". " + findings.get(i)).collect(Collectors.joining("\n"));
    }
}
