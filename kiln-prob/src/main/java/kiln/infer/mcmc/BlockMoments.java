package kiln.infer.mcmc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import kiln.infer.store.ChainState;

/// The estimate with a full matrix for every block of coordinates and a diagonal for the rest.
final class BlockMoments implements FisherEstimate {
    private final DenseBlocks blocks;
    private final ScoreMoments rest;
    private final List<ScoreMoments> own;

    BlockMoments(int dimension, DenseBlocks blocks) {
        this.blocks = blocks;
        rest = new ScoreMoments(dimension, false);
        own = IntStream.range(0, dimension == 0 ? 0 : blocks.count()).mapToObj(k -> new ScoreMoments(blocks.size(k), true)).toList();
    }

    @Override
    public void add(double[] position, double[] score) {
        rest.add(position, score);
        for (int k = 0; k < own.size(); k++) {
            double[] x = new double[blocks.size(k)];
            double[] g = new double[blocks.size(k)];
            blocks.gather(k, position, x);
            blocks.gather(k, score, g);
            own.get(k).add(x, g);
        }
    }

    @Override
    public long count() {
        return rest.count();
    }

    @Override
    public void clear() {
        rest.clear();
        own.forEach(ScoreMoments::clear);
    }

    @Override
    public void save(ChainState.Builder state, String name) {
        rest.save(state, name);
        for (int k = 0; k < own.size(); k++) {
            own.get(k).save(state, name + ".block" + k);
        }
    }

    @Override
    public void restore(ChainState state, String name) {
        rest.restore(state, name);
        for (int k = 0; k < own.size(); k++) {
            own.get(k).restore(state, name + ".block" + k);
        }
    }

    @Override
    public Metric metric(Metric old) {
        List<Metric> parts = new ArrayList<>();
        for (int k = 0; k < own.size(); k++) {
            parts.add(own.get(k).metric(blocks.part(k, old)));
        }
        return blocks.metric(rest.metric(old), parts);
    }
}
