using System.Text;

namespace Coord.Interop.Contention;

/// <summary>
/// How often each side held, how often it was the other's turn, and until when: "JAVA COORD HANDOVERS ENOUGH LAST" in a
/// znode that holders read and write.
/// </summary>
internal sealed record Tally(int Java, int Coord, int Handovers, int Enough, string Last)
{
    public bool IsEnough => Math.Min(Math.Min(Java, Coord), Handovers) >= Enough;

    public static Tally Begin(int enough) => new(0, 0, 0, enough, "nobody");

    public static Tally Read(ReadOnlyMemory<byte> bytes)
    {
        var words = Encoding.UTF8.GetString(bytes.Span).Split(' ');
        return new Tally(
            int.Parse(words[0]), int.Parse(words[1]), int.Parse(words[2]), int.Parse(words[3]), words[4]);
    }

    public Tally Add() => this with
    {
        Coord = Coord + 1, Handovers = Handovers + (Last == "java" ? 1 : 0), Last = "coord",
    };

    public byte[] Write() => Encoding.UTF8.GetBytes($"{Java} {Coord} {Handovers} {Enough} {Last}");
}
