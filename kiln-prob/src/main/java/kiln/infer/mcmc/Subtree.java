package kiln.infer.mcmc;

/// A run of consecutive points of a trajectory: its two ends, its proposal, its weight and the sum of its momenta.
///
/// `first` is the end nearer to where the run was built from, `last` the end it grew towards; momenta are those of forward time in
/// either direction, which makes the turning criterion symmetric.
final class Subtree {
    /// `Σ exp(reference − H)` over the points.
    double weight;

    private final PhasePoints points;
    private final double[] ownSum;
    private int first;
    private int last;
    private int proposal;
    private boolean isLeaf;

    Subtree(PhasePoints points) {
        this.points = points;
        ownSum = new double[points.dimension()];
    }

    void setLeaf(PhasePoint point, double pointWeight) {
        first = point.number;
        last = point.number;
        proposal = point.number;
        point.references = 3;
        isLeaf = true;
        weight = pointWeight;
    }

    PhasePoint last() {
        return points.get(last);
    }

    PhasePoint proposal() {
        return points.get(proposal);
    }

    void reverse() {
        int end = first;
        first = last;
        last = end;
    }

    /// The sum of one momentum is that momentum: no copy.
    private double[] momentumSum() {
        return isLeaf ? points.get(first).momentum : ownSum;
    }

    /// Joins the run before this one to it: this becomes `before + this`, and `before` is used up.
    ///
    /// @param keepProposal whether the proposal is this one's, otherwise that of `before`
    /// @return whether the joined run goes on: none of the three turning tests fails
    boolean append(Subtree before, boolean keepProposal) {
        PhasePoint aFirst = points.get(before.first);
        PhasePoint bLast = points.get(last);
        boolean goesOn = (before.isLeaf && isLeaf)
                ? pairGoesOn(aFirst.velocity, bLast.velocity, aFirst.momentum, bLast.momentum, ownSum)
                : goesOn(aFirst, points.get(before.last), before.momentumSum(), points.get(first), bLast, momentumSum(), ownSum);
        isLeaf = false;
        weight += before.weight;
        int dropped = keepProposal ? before.proposal : proposal;
        proposal = keepProposal ? proposal : before.proposal;
        points.release(dropped);
        points.release(before.last);
        points.release(first);
        first = before.first;
        return goesOn;
    }

    /// Two single points: the second and third test are then the same as the first.
    private static boolean pairGoesOn(double[] va, double[] vb, double[] ra, double[] rb, double[] sum) {
        double a = 0;
        double b = 0;
        for (int i = 0; i < sum.length; i++) {
            double r = ra[i] + rb[i];
            sum[i] = r;
            a = Math.fma(va[i], r, a);
            b = Math.fma(vb[i], r, b);
        }
        return a > 0 && b > 0;
    }

    /// The six inner products of the three tests and the sum of the momenta in one sweep; fused operations, which it has fewer of.
    private static boolean goesOn(
            PhasePoint aFirst, PhasePoint aLast, double[] ra, PhasePoint bFirst, PhasePoint bLast, double[] rb, double[] sum) {
        double[] vaf = aFirst.velocity;
        double[] val = aLast.velocity;
        double[] vbf = bFirst.velocity;
        double[] vbl = bLast.velocity;
        double[] pal = aLast.momentum;
        double[] pbf = bFirst.momentum;
        double whole0 = 0;
        double whole1 = 0;
        double early0 = 0;
        double early1 = 0;
        double late0 = 0;
        double late1 = 0;
        for (int i = 0; i < sum.length; i++) {
            double a = ra[i];
            double b = rb[i];
            double whole = a + b;
            double early = a + pbf[i];
            double late = b + pal[i];
            sum[i] = whole;
            whole0 = Math.fma(vaf[i], whole, whole0);
            whole1 = Math.fma(vbl[i], whole, whole1);
            early0 = Math.fma(vaf[i], early, early0);
            early1 = Math.fma(vbf[i], early, early1);
            late0 = Math.fma(val[i], late, late0);
            late1 = Math.fma(vbl[i], late, late1);
        }
        return whole0 > 0 && whole1 > 0 && early0 > 0 && early1 > 0 && late0 > 0 && late1 > 0;
    }
}
