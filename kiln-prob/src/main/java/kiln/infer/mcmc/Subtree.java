package kiln.infer.mcmc;

import org.jspecify.annotations.Nullable;

/// A run of consecutive points of a trajectory: its two ends, its proposal, its weight and the sum of its momenta.
///
/// `first` is the end nearer to where the run was built from, `last` the end it grew towards; momenta are those of forward time in
/// either direction, which makes the turning criterion symmetric.
final class Subtree {
    /// `Σ exp(reference − H)` over the points.
    double weight;

    private @Nullable PhasePoint first;
    private @Nullable PhasePoint last;
    private @Nullable PhasePoint proposal;
    private double[] momentumSum = new double[0];
    private double[] ownSum = new double[0];

    void setLeaf(PhasePoint point, double pointWeight) {
        first = point;
        last = point;
        proposal = point;
        point.references = 3;
        // The sum of one momentum is that momentum: no copy.
        momentumSum = point.momentum;
        weight = pointWeight;
    }

    PhasePoint last() {
        return set(last);
    }

    PhasePoint proposal() {
        return set(proposal);
    }

    void reverse() {
        PhasePoint end = first;
        first = last;
        last = end;
    }

    /// Joins the run before this one to it: this becomes `before + this`, and `before` is used up.
    ///
    /// @param keepProposal whether the proposal is this one's, otherwise that of `before`
    /// @return whether the joined run goes on: none of the three turning tests fails
    boolean append(Subtree before, boolean keepProposal, PhasePoints points) {
        PhasePoint aFirst = set(before.first);
        PhasePoint aLast = set(before.last);
        PhasePoint bFirst = set(first);
        PhasePoint bLast = set(last);
        PhasePoint bProposal = set(proposal);
        if (ownSum.length != momentumSum.length) {
            ownSum = new double[momentumSum.length];
        }
        boolean leaves = aFirst == aLast && bFirst == bLast;
        boolean goesOn = leaves
                ? pairGoesOn(aFirst.velocity, bLast.velocity, before.momentumSum, momentumSum, ownSum)
                : goesOn(aFirst, aLast, before.momentumSum, bFirst, bLast, momentumSum, ownSum);
        momentumSum = ownSum;
        weight += before.weight;
        if (keepProposal) {
            points.release(before.proposal());
        } else {
            points.release(bProposal);
            proposal = before.proposal;
        }
        points.release(aLast);
        points.release(bFirst);
        first = aFirst;
        return goesOn;
    }

    /// Two single points: the second and third test are then the same as the first.
    private static boolean pairGoesOn(double[] va, double[] vb, double[] ra, double[] rb, double[] sum) {
        double a = 0;
        double b = 0;
        for (int i = 0; i < sum.length; i++) {
            double r = ra[i] + rb[i];
            sum[i] = r;
            a += va[i] * r;
            b += vb[i] * r;
        }
        return a > 0 && b > 0;
    }

    /// The six inner products of the three tests and the sum of the momenta in one sweep.
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
            whole0 += vaf[i] * whole;
            whole1 += vbl[i] * whole;
            early0 += vaf[i] * early;
            early1 += vbf[i] * early;
            late0 += val[i] * late;
            late1 += vbl[i] * late;
        }
        return whole0 > 0 && whole1 > 0 && early0 > 0 && early1 > 0 && late0 > 0 && late1 > 0;
    }

    private static PhasePoint set(@Nullable PhasePoint point) {
        if (point == null) {
            throw new IllegalStateException("a subtree is read before its first leaf");
        }
        return point;
    }
}
