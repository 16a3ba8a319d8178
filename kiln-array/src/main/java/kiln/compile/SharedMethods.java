package kiln.compile;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Methods that differ in nothing but whole numbers, written once: where they differ the one has arguments.
///
/// In the program of several lanes a loop over data stands once for every lane, over other arrays. HotSpot compiles every method on its own, and its
/// compiler of optimised code had so much to do with copies of one loop that the recursion, for which the lanes are there, waited for it.
final class SharedMethods {
    /// The most arguments: so many local variables are left free for them.
    static final int ROOM = 24;

    /// How one of the methods is called.
    ///
    /// @param method    number of the method that is written, the first of its kind
    /// @param positions of the instructions that have other numbers in other methods, by argument
    /// @param arguments their numbers in this one
    record Use(int method, List<List<Integer>> positions, List<Integer> arguments) {}

    private SharedMethods() {}

    /// {@return how each method is called}
    static List<Use> of(List<CodeModel> methods) {
        Map<List<Object>, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < methods.size(); i++) {
            alike.computeIfAbsent(key(methods.get(i)), _ -> new ArrayList<>()).add(i);
        }
        Use[] out = new Use[methods.size()];
        for (List<Integer> group : alike.values()) {
            List<Map<Integer, Integer>> numbers = group.stream().map(i -> numbers(methods.get(i))).toList();
            // Positions by the numbers that the methods have there: those with the same ones share an argument.
            Map<List<Integer>, List<Integer>> columns = new LinkedHashMap<>();
            for (int at : numbers.getFirst().keySet()) {
                List<Integer> column = numbers.stream().map(n -> n.getOrDefault(at, 0)).toList();
                if (column.stream().distinct().count() > 1) {
                    columns.computeIfAbsent(column, _ -> new ArrayList<>()).add(at);
                }
            }
            boolean shared = columns.size() <= ROOM;
            for (int k = 0; k < group.size(); k++) {
                int own = k;
                out[group.get(k)] = shared
                        ? new Use(group.getFirst(), List.copyOf(columns.values()), columns.keySet().stream().map(c -> c.get(own)).toList())
                        : new Use(group.get(k), List.of(), List.of());
            }
        }
        return Arrays.asList(out);
    }

    private static boolean isNumber(CodeElement e) {
        return e instanceof ConstantInstruction c && c.constantValue() instanceof Integer;
    }

    /// The whole numbers that a method pushes, by the positions of the instructions.
    private static Map<Integer, Integer> numbers(CodeModel method) {
        var out = new LinkedHashMap<Integer, Integer>();
        int at = 0;
        for (CodeElement e : method) {
            if (e instanceof ConstantInstruction c && c.constantValue() instanceof Integer number) {
                out.put(at, number);
            }
            at++;
        }
        return out;
    }

    /// What methods that are alike have in common: everything but those numbers. An instruction that is not known here is like no other.
    private static List<Object> key(CodeModel method) {
        Map<Label, Integer> labels = new HashMap<>();
        List<Object> out = new ArrayList<>();
        for (CodeElement e : method) {
            out.add(isNumber(e) ? "number" : switch (e) {
                case LabelTarget t -> List.of("label", label(labels, t.label()));
                case BranchInstruction b -> List.of(b.opcode(), label(labels, b.target()));
                case ConstantInstruction c -> List.of(c.typeKind(), c.constantValue());
                case LoadInstruction l -> List.of("load", l.typeKind(), l.slot());
                case StoreInstruction s -> List.of("store", s.typeKind(), s.slot());
                case IncrementInstruction i -> List.of("increment", i.slot(), i.constant());
                case InvokeInstruction i -> List.of(i.opcode(), i.owner().asSymbol(), i.name().stringValue(), i.typeSymbol());
                case TypeCheckInstruction t -> List.of(t.opcode(), t.type().asSymbol());
                case ArrayLoadInstruction _, ArrayStoreInstruction _, ConvertInstruction _, OperatorInstruction _, ReturnInstruction _, StackInstruction _ ->
                        ((Instruction) e).opcode();
                default -> e;
            });
        }
        return out;
    }

    private static int label(Map<Label, Integer> known, Label label) {
        return known.computeIfAbsent(label, _ -> known.size());
    }
}
