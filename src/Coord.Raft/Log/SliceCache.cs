using System.Diagnostics.CodeAnalysis;

namespace Coord.Raft;


/// <summary>The arrays cut in this turn: log and peers mostly ask for the same range (raft-design F6).</summary>
internal sealed class SliceCache
{
    private const int Kept = 4;
    private readonly (LogIndex First, LogIndex Last, Entry[]? Entries)[] slices =
        new (LogIndex First, LogIndex Last, Entry[]? Entries)[Kept];

    private int count;

    /// <summary>An array cut before for exactly this range.</summary>
    public bool TryGet(LogIndex first, LogIndex last, [NotNullWhen(true)] out Entry[]? entries)
    {
        for (var i = 0; i < Math.Min(count, Kept); i++)
        {
            if (slices[i].First == first && slices[i].Last == last)
            {
                entries = slices[i].Entries!;
                return true;
            }
        }

        entries = null;
        return false;
    }

    /// <summary>Remembers an array; the oldest goes.</summary>
    public void Add(LogIndex first, LogIndex last, Entry[] entries) => slices[count++ % Kept] = (first, last, entries);

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        if (count == 0)
            return;

        Array.Clear(slices);
        count = 0;
    }
}
