package kiln.dist;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import org.jspecify.annotations.Nullable;

/// What the names in a formula mean: values and functions that are given, and what the printed formula itself defines.
///
/// @param values      numbers and arrays by name
/// @param functions   functions of numbers by name; with subscripts, which come first
/// @param definitions by name, those of the printed text
/// @param origin      the first index of arrays
record FormulaScope(
        Map<String, Matrix> values, Map<String, Function> functions, Map<String, Definition> definitions, int origin) {
    /// A function of given subscripts and arguments.
    interface Function {
        double at(List<Matrix> subscripts, List<Matrix> arguments);
    }

    /// A name that the text explains.
    ///
    /// @param parameters of a function, or the letters below an indexed name
    record Definition(List<String> parameters, Alternatives meaning) {}

    /// An index that left its array: where a sum over it ends.
    static final class Outside extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String index;

        Outside(String index) {
            super("index " + index + " is outside", null, false, false);
            this.index = index;
        }
    }

    FormulaScope with(String name, double value) {
        return with(name, Matrix.of(value));
    }

    FormulaScope with(String name, Matrix value) {
        var more = new HashMap<>(values);
        more.put(name, value);
        return new FormulaScope(more, functions, definitions, origin);
    }

    boolean knows(String name) {
        return values.containsKey(name) || definitions.containsKey(name);
    }

    double number(String name) {
        return value(name, List.of(), List.of()).number();
    }

    private static String lowered(String name, double index) {
        var out = new StringBuilder(name);
        String digits = Integer.toString((int) index);
        digits.chars().forEach(c -> out.append(c == '-' ? '₋' : (char) ('₀' + c - '0')));
        return out.toString();
    }

    /// The value of a name with subscripts, of which `letters` are the letters.
    Matrix value(String name, List<Matrix> subscripts, List<String> letters) {
        if (subscripts.isEmpty()) {
            return plain(name);
        }
        double first = subscripts.getFirst().number();
        String whole = lowered(name, first);
        if (subscripts.size() == 1 && knows(whole)) {
            return plain(whole);
        }
        Definition d = definitions.get(name);
        if (!values.containsKey(name) && d != null && !d.parameters().isEmpty()) {
            return indexed(d, subscripts);
        }
        double[][] a = plain(name).rows();
        int row = (int) first - origin;
        if (row < 0 || row >= a.length) {
            throw new Outside(letters.getFirst());
        }
        if (subscripts.size() == 1) {
            return a[row].length == 1 ? Matrix.of(a[row][0]) : Matrix.of(a[row]);
        }
        int column = (int) subscripts.get(1).number() - origin;
        if (column < 0 || column >= a[row].length) {
            throw new Outside(letters.get(1));
        }
        return Matrix.of(a[row][column]);
    }

    private Matrix indexed(Definition d, List<Matrix> arguments) {
        FormulaScope inner = this;
        for (int i = 0; i < arguments.size(); i++) {
            inner = inner.with(d.parameters().get(i), arguments.get(i));
        }
        return d.meaning().at(inner);
    }

    private Matrix plain(String name) {
        Matrix given = values.get(name);
        if (given != null) {
            return given;
        }
        Definition d = definitions.get(name);
        if (d == null) {
            throw new IllegalArgumentException("the formula does not say what " + name + " is");
        }
        if (d.parameters().isEmpty()) {
            return d.meaning().at(this);
        }
        // The vector of an indexed name.
        String index = d.parameters().getFirst();
        double[] out = new double[0];
        try {
            for (int i = origin; ; i++) {
                double x = d.meaning().at(with(index, i)).number();
                out = Arrays.copyOf(out, out.length + 1);
                out[out.length - 1] = x;
            }
        } catch (Outside end) {
            return Matrix.of(out);
        }
    }

    /// The sum or product over an index: of arrays to their end, else until three terms in turn no longer change it.
    double total(String index, boolean adds, Formula.Node body) {
        double out = adds ? 0 : 1;
        int small = 0;
        for (int i = 0; i < 10_000 && small < 3; i++) {
            double term;
            try {
                term = body.at(with(index, i)).number();
            } catch (Outside end) {
                if (!end.index.equals(index)) {
                    throw end;
                }
                if (i < origin) {
                    continue;
                }
                return out;
            }
            out = adds ? out + term : out * term;
            small = adds && Math.abs(term) <= 1e-18 * Math.abs(out) ? small + 1 : 0;
        }
        return out;
    }

    /// A function of this name: one that is given, one of mathematics, one that the text defines, or the family of that name.
    Matrix call(String name, List<Matrix> subscripts, List<Matrix> arguments) {
        Function f = functions.get(name);
        if (f != null) {
            return Matrix.of(f.at(subscripts, arguments));
        }
        Definition d = definitions.get(name);
        if (d != null) {
            return indexed(d, arguments);
        }
        if (name.equals("diag")) {
            return arguments.getFirst().diagonal();
        }
        Double known = mathematics(name, subscripts, arguments);
        if (known != null) {
            return Matrix.of(known);
        }
        return Matrix.holding(family(name, arguments));
    }

    private @Nullable Double mathematics(String name, List<Matrix> subscripts, List<Matrix> arguments) {
        return switch (name) {
            case "Γ" -> FormulaMath.gamma(arguments.getFirst().number());
            case "Γ_p" -> FormulaMath.multivariateGamma(number("p"), arguments.getFirst().number());
            case "B" -> FormulaMath.beta(arguments.get(0).number(), arguments.get(1).number());
            case "C" -> FormulaMath.binomial(arguments.get(0).number(), arguments.get(1).number());
            case "I" -> FormulaMath.bessel(subscripts.getFirst().number(), arguments.getFirst().number());
            case "E" -> FormulaMath.integral(t -> Math.exp(-t) / t, arguments.getFirst().number(), Double.POSITIVE_INFINITY);
            case "σ" -> 1 / (1 + Math.exp(-arguments.getFirst().number()));
            case "Φ⁻¹" -> new Normal(0, 1).icdf(NDArray.as(arguments.getFirst().number())).item();
            case "N" -> FormulaMath.normal(arguments.get(0), arguments.get(1), arguments.get(2));
            default -> null;
        };
    }

    /// A distribution by name: a formula may say that it is another family's with other parameters.
    private static Distribution family(String name, List<Matrix> arguments) {
        try {
            for (Constructor<?> c : Class.forName("kiln.dist." + name).getConstructors()) {
                if (c.getParameterCount() == arguments.size()) {
                    Class<?>[] types = c.getParameterTypes();
                    Object[] values = new Object[types.length];
                    for (int i = 0; i < types.length; i++) {
                        Matrix m = arguments.get(i);
                        values[i] = Distribution.class.isAssignableFrom(types[i]) ? m.held()
                                : m.isNumber() ? NDArray.as(m.number()) : array(m);
                    }
                    return (Distribution) c.newInstance(values);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no function or family " + name, e);
        }
        throw new IllegalArgumentException(name + " has no constructor of " + arguments.size() + " arguments");
    }

    private static NDArray array(Matrix m) {
        double[][] rows = m.rows();
        return rows[0].length == 1 ? NDArray.of(Arrays.stream(rows).mapToDouble(r -> r[0]).toArray()) : NDArray.of(rows);
    }

    /// Expressions with conditions, of which the first that holds counts.
    record Alternatives(List<Formula.Node> conditions, List<Formula.Node> expressions) {
        Matrix at(FormulaScope scope) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).at(scope).number() != 0) {
                    return expressions.get(i).at(scope);
                }
            }
            throw new IllegalArgumentException("no alternative holds");
        }

        boolean holds(FormulaScope scope) {
            return conditions.stream().anyMatch(c -> c.at(scope).number() != 0);
        }
    }
}
