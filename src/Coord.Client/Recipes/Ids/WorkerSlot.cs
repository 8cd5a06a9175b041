using System.Globalization;
using System.Text;

namespace Coord.Client.Recipes;

/// <summary>A number of the range as its znode was read, or as it was never used.</summary>
/// <param name="Number">The number.</param>
/// <param name="Path">Its znode.</param>
/// <param name="Znode">Null: never used.</param>
internal sealed record WorkerSlot(int Number, string Path, Znode? Znode)
{
    private const string FreeMark = "free:";

    internal bool IsHeld => Znode is { Stat.NumChildren: > 0 };

    /// <summary>
    /// Whether somebody noted that it is free, and nobody has held it since: every holder moves the count of changes
    /// of its children.
    /// </summary>
    internal bool IsNotedFree => Znode is { } znode
        && Encoding.UTF8.GetString(znode.Bytes.Span) == Mark(znode.Stat.Cversion);

    /// <summary>What notes that it is free; the write's time says since when at least.</summary>
    internal byte[] FreeNote => Encoding.UTF8.GetBytes(Mark(Znode!.Stat.Cversion));

    /// <summary>
    /// Takes it, if nobody did since it was read: whoever takes it moves the version that was read with it.
    /// </summary>
    internal Multi Take(Multi multi, string holder) => (Znode is null
        ? multi.Create(Path)
        : multi.Set(Path, default, Znode.Stat.Version)).Create(holder, default, Protocol.CreateMode.Ephemeral);

    private static string Mark(int cversion) => FreeMark + cversion.ToString(CultureInfo.InvariantCulture);
}
