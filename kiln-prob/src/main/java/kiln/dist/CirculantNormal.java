package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.Arrays;
import kiln.array.Complex;
import kiln.array.DomainException;
import kiln.array.Fft;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Multivariate normal distribution with a circulant covariance matrix, in O(n log n) by the Fourier transform.
///
/// ```
/// log p(x) = −½ Σₖ (cₖ² + sₖ²) / (n λₖ) − ½ Σₖ log λₖ − n/2 log 2π
/// cₖ = Σⱼ (xⱼ − locⱼ) cos(2π j k / n),  sₖ = Σⱼ (xⱼ − locⱼ) sin(2π j k / n)
/// ```
///
/// The λₖ are the n eigenvalues, the Fourier transform of the first row; j and k run from 0 to n − 1.
///
/// - **support** real vectors
/// - **shapes** batch = broadcast of the batches, event = `[n]`
/// - **moments** mean = loc, variance = Σₖ λₖ / n
/// - **gradient of a draw** pathwise, in all parameters
///
/// @param loc            mean, `[…, n]`; any finite values
/// @param covarianceRfft the first n/2 + 1 eigenvalues, `[…, n/2 + 1]`; > 0
public record CirculantNormal(NDArray loc, NDArray covarianceRfft) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the sizes differ or the batches do not broadcast
    public CirculantNormal {
        loc = Check.in(realVector, "loc", loc, CirculantNormal.class);
        covarianceRfft = Check.in(independent(positive, 1), "covarianceRfft", covarianceRfft, CirculantNormal.class);
        if (!Pytree.isRebuilding()) {
            Check.sizes(
                    CirculantNormal.class,
                    covarianceRfft.size(-1) == loc.size(-1) / 2 + 1,
                    "loc and covarianceRfft", "loc […, n] and covarianceRfft […, n/2 + 1]",
                    loc.shape(), covarianceRfft.shape());
            Check.broadcasts(CirculantNormal.class, "loc and covarianceRfft", loc.shape().dropLast(1), covarianceRfft.shape().dropLast(1));
        }
    }

    /// {@return the distribution with a given first row of the covariance matrix}
    ///
    /// @param loc           mean, `[…, n]`; any finite values
    /// @param covarianceRow `[…, n]`; its Fourier transform is real and positive
    /// @throws DomainException if a known row is not the first row of a positive definite circulant matrix
    public static CirculantNormal row(NDArray loc, NDArray covarianceRow) {
        NDArray row = Check.in(positiveDefiniteCirculantVector, "covarianceRow", covarianceRow, CirculantNormal.class);
        return new CirculantNormal(loc, Fft.rfft(row).re());
    }

    @Override
    public Constraint support() {
        return realVector;
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(loc.shape().dropLast(1), covarianceRfft.shape().dropLast(1));
    }

    @Override
    public Shape eventShape() {
        return loc.shape().last(1);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return broadcastTo(loc, batchShape().then(eventShape()));
    }

    @Override
    public NDArray variance() {
        return broadcastTo(expandDims(eigenvalues().mean(-1), -1), batchShape().then(eventShape()));
    }

    /// White noise is filtered by the roots of the eigenvalues.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        Shape shape = sampleShape.then(batchShape()).then(eventShape());
        Complex noise = Fft.rfft(key.normal(shape));
        NDArray root = sqrt(covarianceRfft);
        return loc.plus(Fft.irfft(new Complex(noise.re().times(root), noise.im().times(root)), size()));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        Complex d = Fft.rfft(value.minus(loc));
        NDArray power = square(d.re()).plus(square(d.im())).div(covarianceRfft).times(multiplicity()).sum(-1);
        return power.div(size()).times(-0.5).minus(halfLogDet().plus(size() * Constants.HALF_LOG_2PI));
    }

    @Override
    public NDArray entropy() {
        return broadcastTo(halfLogDet().plus(size() * (0.5 + Constants.HALF_LOG_2PI)), batchShape());
    }

    private int size() {
        return loc.size(-1);
    }

    /// How often each of the first n/2 + 1 eigenvalues occurs.
    NDArray multiplicity() {
        double[] times = new double[covarianceRfft.size(-1)];
        Arrays.fill(times, 2);
        times[0] = 1;
        if (size() % 2 == 0) {
            times[times.length - 1] = 1;
        }
        return NDArray.of(times);
    }

    private NDArray eigenvalues() {
        return covarianceRfft.times(multiplicity()).times((double) covarianceRfft.size(-1) / size());
    }

    private NDArray halfLogDet() {
        return log(covarianceRfft).times(multiplicity()).sum(-1).times(0.5);
    }
}
