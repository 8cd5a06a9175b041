using System.Text;

namespace Coord.Interop.Contention;

/// <summary>
/// How often each worker counted, how often it was the other side's turn, and until when: "HANDOVERS ENOUGH LAST" and
/// the counts, Java's first, in a znode that holders read and write. A worker finds its own count there, and with it
/// whether a write was done whose reply was lost.
/// </summary>
internal sealed record Tally(int Handovers, int Enough, string Last, IReadOnlyList<int> Counts)
{
    private const int Workers = CoordSide.Workers;

    public bool IsEnough => Math.Min(Math.Min(Java, Coord), Handovers) >= Enough;

    public int Java => Counts.Take(Workers).Sum();

    public int Coord => Counts.Skip(Workers).Sum();

    public static Tally Begin(int enough) => new(0, enough, "nobody", new int[2 * Workers]);

    public static Tally Read(ReadOnlyMemory<byte> bytes)
    {
        var words = Encoding.UTF8.GetString(bytes.Span).Split(' ');
        return new Tally(int.Parse(words[0]), int.Parse(words[1]), words[2], [.. words.Skip(3).Select(int.Parse)]);
    }

    public int CountOf(int worker) => Counts[Workers + worker];

    public Tally Add(int worker)
    {
        int[] counts = [.. Counts];
        counts[Workers + worker]++;
        return this with { Handovers = Handovers + (Last == "java" ? 1 : 0), Last = "coord", Counts = counts };
    }

    public byte[] Write() => Encoding.UTF8.GetBytes($"{Handovers} {Enough} {Last} {string.Join(' ', Counts)}");
}
