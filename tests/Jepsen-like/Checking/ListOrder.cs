using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// The order of one list's elements, as far as anybody read it, and what is wrong with what was read: every read must
/// be a beginning of the longest one, hold each element once, and hold nothing that was refused or never asked.
/// </summary>
internal sealed class ListOrder
{
    private readonly List<Finding> findings;
    private readonly IReadOnlyDictionary<long, ListWriter> writers;
    private readonly HashSet<long> judged = [];

    private ListOrder(IReadOnlyDictionary<long, ListWriter> writers, List<Finding> findings) =>
        (this.writers, this.findings) = (writers, findings);

    /// <summary>Elements in their order.</summary>
    public long[] Elements { get; private set; } = [];

    /// <param name="reads">All of one list, each with its transaction.</param>
    /// <param name="writers">Of every element.</param>
    /// <param name="findings">To add to.</param>
    public static ListOrder Of(IReadOnlyList<(Operation Operation, ListPart Part)> reads,
        IReadOnlyDictionary<long, ListWriter> writers, List<Finding> findings)
    {
        var order = new ListOrder(writers, findings);
        var longest = reads.MaxBy(read => read.Part.Read.Length);
        order.Elements = [.. longest.Part.Read.Distinct()];
        foreach (var (operation, part) in reads)
        {
            order.JudgeShape(operation, part, longest);
            order.JudgeElements(operation, part);
        }

        order.JudgeLoss(reads);
        return order;
    }

    private void JudgeShape(Operation read, ListPart part, (Operation Operation, ListPart Part) longest)
    {
        if (!longest.Part.Read.AsSpan().StartsWith(part.Read))
            Report("incompatible-order", $"{part.Key}: two reads of which none is the beginning of the other",
                longest.Operation, read);
        if (part.Read.Length != part.Read.Distinct().Count())
            Report("append-duplicate", $"{part.Key}: an element stands twice", read);
        if (part.Version != part.Read.Length)
            Report("append-version", $"{part.Key}: {part.Read.Length} elements at version {part.Version}", read);
    }

    private void JudgeElements(Operation read, ListPart part)
    {
        foreach (var element in part.Read.Where(judged.Add))
        {
            if (!writers.TryGetValue(element, out var writer) || writer.Part.Key != part.Key)
                Report("phantom", $"{part.Key}: element {element}, which nobody appended", read);
            else if (writer.Operation.IsKnown && writer.Operation.Error != 0)
                Report("G1a", $"{part.Key}: element {element} of a transaction that was refused",
                    writer.Operation, read);
            else if (read.Completed < writer.Operation.Invoked)
                Report("phantom", $"{part.Key}: element {element} before it was asked for", writer.Operation, read);
        }

        if (part.Read.Length > 0 && writers.TryGetValue(part.Read[^1], out var last) &&
            last.Part.Appended[^1] != part.Read[^1])
            Report("G1b", $"{part.Key}: element {part.Read[^1]} without the one that its transaction appended " +
                "behind it", last.Operation, read);
    }

    /// <summary>What was acknowledged before a read began stands in it.</summary>
    private void JudgeLoss(IReadOnlyList<(Operation Operation, ListPart Part)> reads)
    {
        var key = reads[0].Part.Key;
        var last = reads.MaxBy(read => read.Operation.Invoked);
        var held = last.Part.Read.ToHashSet();
        foreach (var writer in reads.Where(read => read.Part.Appended.Length > 0 &&
            read.Operation.Completed < last.Operation.Invoked && !read.Part.Appended.All(held.Contains)))
            Report("append-lost", $"{key}: the last read does not hold what was acknowledged before it",
                writer.Operation, last.Operation);
    }

    private void Report(string rule, string text, params Operation[] operations) =>
        findings.Add(new Finding(rule, text, operations));
}

/// <summary>Who appended an element, and with what else.</summary>
internal sealed record ListWriter(Operation Operation, ListPart Part);
