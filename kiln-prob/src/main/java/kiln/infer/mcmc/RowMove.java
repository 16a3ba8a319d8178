package kiln.infer.mcmc;

import kiln.array.Diagnosis;
import kiln.infer.SubsampleDensity;
import kiln.math.Elementary;

/// The move of [HMCECS]: a block of rows of every plate drawn anew, accepted by Metropolis' rule.
final class RowMove implements GibbsMove {
    private final SubsampleDensity density;
    private final int numBlocks;
    private final double[] proposed;
    private final double[] scratch;
    private double acceptProb = 1;

    /// @throws IllegalArgumentException if there are more blocks than rows
    RowMove(SubsampleDensity density, int numBlocks) {
        this.density = density;
        this.numBlocks = numBlocks;
        proposed = new double[density.dimension()];
        scratch = new double[density.dimension()];
        for (SubsampleDensity.Rows rows : density.rows()) {
            if (numBlocks > rows.count()) {
                throw new IllegalArgumentException(new Diagnosis("HMCECS", "there are more blocks than rows in them")
                        .expected("numBlocks from 1 to the subsample size, " + rows.count())
                        .got("numBlocks " + numBlocks)
                        .fix("numBlocks(" + rows.count() + ").")
                        .message());
            }
        }
    }

    @Override
    public void move(double[] position, double logDensity, ChainRandom random) {
        System.arraycopy(position, 0, proposed, 0, position.length);
        for (SubsampleDensity.Rows rows : density.rows()) {
            int from = density.continuous() + rows.from();
            long block = (long) (random.uniform() * numBlocks);
            int end = from + (int) ((block + 1) * rows.count() / numBlocks);
            for (int j = from + (int) (block * rows.count() / numBlocks); j < end; j++) {
                proposed[j] = (int) (random.uniform() * rows.size());
            }
        }
        double there = density.value(proposed, scratch);
        double gain = there - logDensity;
        // NaN is refused.
        acceptProb = MetropolisTrajectory.probability(gain);
        if (Elementary.log(random.uniform()) < gain) {
            System.arraycopy(proposed, 0, position, 0, position.length);
        }
    }

    @Override
    public double acceptProb() {
        return acceptProb;
    }
}
