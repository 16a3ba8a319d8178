package kiln.array;

/// Complex numbers as a pair of real arrays of one shape.
///
/// @param re real parts
/// @param im imaginary parts
public record Complex(NDArray re, NDArray im) {
    /// Real numbers as complex ones.
    ///
    /// @param re real parts
    public static Complex of(NDArray re) {
        return new Complex(re, Np.zerosLike(re));
    }

    /// {@return the complex conjugate}
    public Complex conjugate() {
        return new Complex(re, im.unaryMinus());
    }

    /// {@return the sum}
    public Complex plus(Complex other) {
        return new Complex(re.plus(other.re), im.plus(other.im));
    }

    /// {@return the product}
    public Complex times(Complex other) {
        return new Complex(
                re.times(other.re).minus(im.times(other.im)), re.times(other.im).plus(im.times(other.re)));
    }

    /// {@return the squared absolute value}
    public NDArray abs2() {
        return Np.square(re).plus(Np.square(im));
    }
}
