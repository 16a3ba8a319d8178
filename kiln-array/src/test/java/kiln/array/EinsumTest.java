package kiln.array;

import static kiln.array.Linalg.einsum;
import static kiln.array.Linalg.tensordot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kiln.func.Functions;
import org.junit.jupiter.api.Test;

/// Einstein's sums of small integers, where every order of additions is exact.
class EinsumTest {
    private static NDArray range(int... dims) {
        return Np.arange(Shape.of(dims).size()).astype(DType.FLOAT64).reshape(Shape.of(dims));
    }

    private static void assertSame(NDArray got, NDArray want) {
        assertThat(got.shape()).isEqualTo(want.shape());
        assertThat(got.toDoubleArray()).containsExactly(want.toDoubleArray());
    }

    @Test
    void oneOperand() {
        NDArray a = range(3, 3);
        assertSame(einsum("ii", a), Np.scalar(12.0));
        assertSame(einsum("ii->i", a), Np.array(0, 4, 8));
        assertSame(einsum("ij->ji", a), a.transpose());
        assertSame(einsum("ba", a), a.transpose());
        assertSame(einsum("ij->", a), Np.scalar(36.0));
        assertSame(einsum("ij->i", a), a.sum(1));
        assertSame(einsum("...i->...", range(2, 3, 4)), range(2, 3, 4).sum(2));
        assertSame(einsum("iji->j", range(2, 3, 2)), range(2, 3, 2).get(Index.at(0), Index.ALL, Index.at(0))
                .plus(range(2, 3, 2).get(Index.at(1), Index.ALL, Index.at(1))));
    }

    @Test
    void severalOperands() {
        NDArray a = range(2, 3);
        NDArray b = range(3, 4);
        NDArray v = range(3);
        assertSame(einsum("ij,jk->ik", a, b), a.matmul(b));
        assertSame(einsum("ij,jk", a, b), a.matmul(b));
        assertSame(einsum("ij,jk->ki", a, b), a.matmul(b).transpose());
        assertSame(einsum("i,i->", v, v), Np.scalar(5.0));
        assertSame(einsum("i,j->ij", v, v), Np.outer(v, v));
        assertSame(einsum("i,i->i", v, v), Np.square(v));
        assertSame(einsum("ij,j->i", a, v), a.matmul(v));
        assertSame(einsum("ij,k->k", a, v), v.times(15));
        assertSame(einsum("i,ij,j->", range(2), a, v), Np.scalar(14.0));
        assertSame(einsum("...ij,...jk->...ik", range(5, 2, 3), range(3, 4)), range(5, 2, 3).matmul(b));
        assertSame(einsum("...ij,...jk", range(1, 2, 3), range(5, 3, 4)), range(1, 2, 3).matmul(range(5, 3, 4)));
        assertSame(einsum("bij,bjk->bik", range(5, 2, 3), range(5, 3, 2)), range(5, 2, 3).matmul(range(5, 3, 2)));
        assertSame(einsum("ij,ij->j", a, a), Np.square(a).sum(0));
        assertSame(tensordot(a, b, 1), a.matmul(b));
        assertSame(tensordot(range(2, 3, 4), range(3, 4, 5), 2), range(2, 12).matmul(range(12, 5)));
        assertSame(tensordot(range(3, 2), range(4, 3), new int[] {0}, new int[] {1}), range(3, 2).transpose().matmul(range(4, 3).transpose()));
    }

    @Test
    void gradientAndCompilation() {
        NDArray b = range(3, 4);
        var f = Functions.grad((NDArray x) -> einsum("ij,jk->", x, b));
        NDArray want = Np.broadcastTo(b.sum(1), Shape.of(2, 3));
        assertSame(f.apply(range(2, 3)), want);
        assertSame(Functions.jit(f).apply(range(2, 3)), want);
    }

    @Test
    void subscriptsThatDoNotFit() {
        assertThatThrownBy(() -> einsum("ij,jk->ik", range(2, 3), range(4, 5)))
                .isInstanceOf(ShapeException.class)
                .extracting(Messages::withoutPlace).isEqualTo("""
                        einsum("ij,jk->ik"): an axis has two sizes.
                          Expected: a letter for every axis, equal letters for equal sizes, such as "ij,jk->ik"
                          Got:      'j' is 3 and 4; shapes [[2, 3], [4, 5]]""");
        assertThatThrownBy(() -> einsum("ij->ik", range(2, 3))).hasMessageContaining("an axis that no operand has").hasMessageContaining("'k'");
        assertThatThrownBy(() -> einsum("i->i", range(2, 3))).hasMessageContaining("does not name every axis");
        assertThatThrownBy(() -> einsum("i,j->ij", range(2))).hasMessageContaining("2 terms for 1 operands");
        assertThatThrownBy(() -> einsum("ii", range(2, 3))).hasMessageContaining("'i' is 2 and 3");
    }
}
