package kiln.func;

import static kiln.func.Close.assertClose;
import static kiln.func.Close.assertSame;

import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.NDArray;
import kiln.array.Np;
import org.junit.jupiter.api.Test;

/// The user's own operation under every transform, against the same function made of Kiln's operations.
class CustomOpTest {
    /// `y = x³ · s`, whose value the user computes in a Java loop.
    record Cube() implements CustomOp {
        @Override
        public String name() {
            return "cube";
        }

        @Override
        public Aval type(List<Aval> in) {
            return in.getFirst();
        }

        @Override
        public NDArray eval(List<NDArray> in) {
            double[] x = in.get(0).toDoubleArray();
            double s = in.get(1).item();
            for (int i = 0; i < x.length; i++) {
                x[i] = x[i] * x[i] * x[i] * s;
            }
            return NDArray.of(in.get(0).shape(), x);
        }

        @Override
        public NDArray jvp(List<NDArray> x, NDArray y, List<NDArray> dx) {
            NDArray a = x.get(0);
            return a.times(a).times(3).times(x.get(1)).times(dx.get(0)).plus(a.times(a).times(a).times(dx.get(1)));
        }

        @Override
        public List<NDArray> vjp(List<NDArray> x, NDArray y, NDArray ct) {
            NDArray a = x.get(0);
            return List.of(a.times(a).times(3).times(x.get(1)).times(ct), a.times(a).times(a).times(ct).sum());
        }
    }

    @Test
    void worksInEveryTransform() {
        Function<List<NDArray>, NDArray> own = p -> Np.sin(new Cube().apply(p.get(0), p.get(1)));
        Function<List<NDArray>, NDArray> plain = p -> Np.sin(p.get(0).times(p.get(0)).times(p.get(0)).times(p.get(1)));
        List<NDArray> x = List.of(NDArray.of(0.3, -1.2, 0.8), Np.scalar(0.7));
        assertSame(own.apply(x), plain.apply(x));
        assertSame(Functions.jit(own).apply(x), plain.apply(x));
        assertClose(Functions.jacfwd(own).apply(x), Functions.jacfwd(plain).apply(x), 1e-13);
        assertClose(Functions.jit(Functions.jacrev(own)).apply(x), Functions.jacrev(plain).apply(x), 1e-13);
        List<NDArray> lanes = List.of(NDArray.of(new double[][] {{0.3, 1}, {0.2, -1}}), NDArray.of(0.7, 2.0));
        Function<List<NDArray>, List<NDArray>> slopes = Functions.vmap(Functions.grad((List<NDArray> p) -> own.apply(p).sum()));
        List<NDArray> want = Functions.vmap(Functions.grad((List<NDArray> p) -> plain.apply(p).sum())).apply(lanes);
        assertClose(slopes.apply(lanes), want, 1e-13);
        assertClose(Functions.jit(slopes).apply(lanes), want, 1e-13);
    }
}
