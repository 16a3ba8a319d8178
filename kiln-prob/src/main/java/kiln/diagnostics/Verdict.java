package kiln.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
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
        List<Finding> findings = new ArrayList<>();
        List<Quantity> quantities = quantities(draws, findings);
        if (draws.draws() < MIN_DRAWS) {
            findings.add(new Finding(Finding.Kind.TOO_FEW_DRAWS,
                    "There are " + draws.draws() + " draws of each chain: nothing can be said about convergence.",
                    "numSamples(1000)."));
            return new Verdict(findings);
        }
        Optional<Finding> stuck = stuck(draws, quantities);
        stuck.ifPresent(findings::add);
        if (stuck.isEmpty()) {
            mixing(draws, quantities, findings);
        }
        divergences(draws, quantities, report, findings);
        energy(report, findings);
        treeDepth(report, findings);
        return new Verdict(findings);
    }

    /// One scalar quantity.
    private static final class Quantity {
        private final String label;
        private final double[][] x;

        Quantity(String label, double[][] x) {
            this.label = label;
            this.x = x;
        }

        boolean varies() {
            double first = x[0][0];
            return Arrays.stream(x).anyMatch(chain -> Arrays.stream(chain).anyMatch(v -> v != first));
        }
    }

    /// The quantities that are finite; the others are findings.
    private static List<Quantity> quantities(Draws draws, List<Finding> findings) {
        List<Quantity> out = new ArrayList<>();
        for (String name : draws.names()) {
            List<String> labels = draws.labels(name);
            for (int e = 0; e < labels.size(); e++) {
                double[][] x = draws.element(name, e);
                long bad = Arrays.stream(x).flatMapToDouble(Arrays::stream).filter(v -> !Double.isFinite(v)).count();
                if (bad == 0) {
                    out.add(new Quantity(labels.get(e), x));
                } else if (findings.isEmpty()) {
                    findings.add(new Finding(Finding.Kind.NOT_FINITE,
                            labels.get(e) + " is not finite in " + bad + " of " + draws.chains() * draws.draws() + " draws.",
                            "look for overflow, log(0) or 0/0 in what the model computes it from, or for a prior so wide that its"
                                    + " values overflow."));
                }
            }
        }
        return out;
    }

    private static Optional<Finding> stuck(Draws draws, List<Quantity> quantities) {
        if (!quantities.isEmpty() && quantities.stream().noneMatch(Quantity::varies)) {
            return Optional.of(new Finding(Finding.Kind.STUCK_CHAINS, "No chain moved: every quantity keeps one value in all draws.",
                    "look at the step size and the divergences of the run; a step size that was given may be far too large, or the"
                            + " density is zero around the start: start elsewhere by initParams."));
        }
        List<Integer> still = StuckChains.withoutMovement(
                quantities.stream().filter(Quantity::varies).map(q -> q.x).toList(), draws.chains());
        if (!still.isEmpty()) {
            return Optional.of(new Finding(Finding.Kind.STUCK_CHAINS,
                    still.size() + " of " + draws.chains() + " chains did not move: "
                            + StuckChains.chains(still.stream().mapToInt(Integer::intValue).toArray()) + " kept one value in all draws.",
                    "start elsewhere by initParams, or let the warm-up find a smaller step size: numWarmup("
                            + "2000), targetAcceptProb(0.95)."));
        }
        return quantities.stream()
                .flatMap(q -> StuckChains.in(q.label, q.x).stream())
                .max(Comparator.comparingDouble(StuckChains::ratio))
                .map(s -> new Finding(Finding.Kind.STUCK_CHAINS, s.sentence(),
                        "the posterior has several modes, or some chains started in a remote one: make the model choose one by an"
                                + " ordered constraint or a more informative prior, or start all chains near the same by initParams."));
    }

    private static void mixing(Draws draws, List<Quantity> quantities, List<Finding> findings) {
        List<Quantity> varying = quantities.stream().filter(Quantity::varies).toList();
        double[] rhat = varying.stream().mapToDouble(q -> Rhat.rhat(q.x)).toArray();
        List<Alarm> alarms = IntStream.range(0, rhat.length).filter(i -> rhat[i] > MAX_RHAT)
                .mapToObj(i -> new Alarm(varying.get(i).label, rhat[i], RhatChance.of(varying.get(i).x)))
                .sorted(Comparator.comparingDouble(a -> -a.rhat)).toList();
        // One false alarm in a hundred runs, over all quantities.
        double rate = FALSE_ALARM / Math.max(rhat.length, 1);
        List<Alarm> real = alarms.stream().filter(a -> a.chance.exceeds(a.rhat, 1) < rate).toList();
        if (!real.isEmpty()) {
            Alarm a = real.getFirst();
            findings.add(new Finding(Finding.Kind.R_HAT,
                    "The chains disagree: R̂ is above 1.01, and too far to be chance, for " + real.size() + " of " + rhat.length
                            + " quantities, largest for " + a.label + " (" + Text.decimals(a.rhat, 3) + ", as large in "
                            + Text.percent(a.chance.exceeds(a.rhat, 1)) + " of the runs of chains that agree).",
                    "more warm-up and more draws; if that does not help, write the model such that "
                            + a.label + " depends less on the other sites (non-centred, standardised data)."));
        }
        tooFew(draws, varying, real.isEmpty() ? alarms : List.of(), rhat.length, rate, findings);
    }

    /// A quantity with an R̂ above the limit.
    private record Alarm(String label, double rhat, RhatChance chance) {}

    /// Too few effective draws for estimates, or for R̂ to tell chains that agree from others.
    ///
    /// @param alarms those that may be chance, the largest first
    /// @param rate   how often such an alarm may be false
    private static void tooFew(
            Draws draws, List<Quantity> varying, List<Alarm> alarms, int quantities, double rate, List<Finding> findings) {
        double[] ess = varying.stream()
                .mapToDouble(q -> -Math.min(EffectiveSampleSize.essBulk(q.x), EffectiveSampleSize.essTail(q.x))).toArray();
        int poorest = argMax(ess);
        double wanted = ESS_PER_CHAIN * draws.chains();
        var sentences = new ArrayList<String>();
        double factor = 1;
        if (poorest >= 0 && -ess[poorest] < wanted) {
            double[][] x = varying.get(poorest).x;
            double bulk = EffectiveSampleSize.essBulk(x);
            double tail = EffectiveSampleSize.essTail(x);
            long below = Arrays.stream(ess).filter(v -> -v < wanted).count();
            factor = wanted / Math.min(bulk, tail);
            sentences.add("The draws are worth too few independent ones: of " + Text.decimals(wanted, 0) + " asked for (100 per chain), "
                    + varying.get(poorest).label + " has " + Text.decimals(bulk, 0) + " in the bulk and "
                    + Text.decimals(tail, 0) + " in the tails" + (below > 1 ? "; " + below + " quantities have too few." : "."));
        }
        if (!alarms.isEmpty()) {
            Alarm a = alarms.getFirst();
            factor = Math.max(factor, alarms.stream().mapToDouble(alarm -> alarm.chance.factor(MAX_RHAT, rate)).max().orElseThrow());
            sentences.add((sentences.isEmpty() ? "The draws are worth too few independent ones for R̂ to tell anything: it" : "R̂") + " is above 1.01 for "
                    + alarms.size() + " of " + quantities + " quantities, largest for " + a.label + " (" + Text.decimals(a.rhat, 3)
                    + "), " + byChance(a.chance.exceeds(MAX_RHAT, 1)));
        }
        if (!sentences.isEmpty()) {
            findings.add(new Finding(Finding.Kind.EFFECTIVE_SAMPLE_SIZE, String.join(" ", sentences),
                    (factor <= 20 ? "numSamples(" + rounded(MARGIN * factor * draws.draws()) + ")"
                            : "a model whose parts depend less on each other (non-centred, standardised data), or denseMass(true)") + "."));
        }
    }

    private static String byChance(double probability) {
        return probability > 0.99
                ? "which tells nothing: with so few effective draws it would be, whether the chains agree or not."
                : "but so it is in " + Text.percent(probability) + " of the runs of chains that agree.";
    }

    /// The index of the largest number that is one; −1 for none.
    private static int argMax(double[] x) {
        return IntStream.range(0, x.length).filter(i -> !Double.isNaN(x[i])).boxed()
                .max(Comparator.comparingDouble(i -> x[i])).orElse(-1);
    }

    /// A number of draws that people would write: up to two digits and zeros.
    private static long rounded(double draws) {
        long unit = 1;
        while (draws / unit > 100) {
            unit *= 10;
        }
        return (long) Math.ceil(draws / unit) * unit;
    }

    private static void divergences(Draws draws, List<Quantity> quantities, SamplerReport report, List<Finding> findings) {
        int count = Arrays.stream(report.divergences()).sum();
        if (count == 0) {
            return;
        }
        int total = draws.chains() * draws.draws();
        boolean known = report.diverging().length == draws.chains()
                && Arrays.stream(report.diverging()).allMatch(chain -> chain.length == draws.draws());
        Optional<DivergencePlace> place = !known ? Optional.empty() : quantities.stream()
                .flatMap(q -> DivergencePlace.in(q.label, q.x, report.diverging()).stream())
                .max(Comparator.comparingDouble(DivergencePlace::strength));
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
                    "denseMass(true) if sites are strongly correlated, data of unit scale, or maxTreeDepth(" + (max + 2) + ")."));
        }
    }

    /// The findings, numbered; empty for a good run.
    @Override
    public String toString() {
        return IntStream.range(0, findings.size()).mapToObj(i -> (i + 1) + ". " + findings.get(i)).collect(Collectors.joining("\n"));
    }
}
