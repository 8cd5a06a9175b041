namespace Coord.Protocol;

/// <summary>
/// Creates a sequential znode and asks for its place among its siblings: Coord's own <c>create-rank</c>.
/// </summary>
public readonly ref struct CreateRankRequest
{
    /// <summary>How many marks each of the two vectors has at most: every sibling is compared with each.</summary>
    public const int MarksMax = 8;

    /// <summary>Bytes of a mark.</summary>
    public const int MarkBytesMax = 32;

    /// <summary>What is created.</summary>
    public CreateRequest Create { get; init; }

    /// <summary>
    /// What stands before the number in the names of those that stand in line, the new znode among them.
    /// </summary>
    public PathVector Marks { get; init; }

    /// <summary>Whose names hold one of these are those to wait for, if they stand before it.</summary>
    public PathVector WaitedFor { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => Create.EncodedLength + Marks.EncodedLength + WaitedFor.EncodedLength;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        Create.Write(ref writer);
        Marks.Write(ref writer);
        WaitedFor.Write(ref writer);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>
    /// False: the bytes end too early, a length makes no sense, a mark is empty or longer than
    /// <see cref="MarkBytesMax"/>, or there are more than <see cref="MarksMax"/>.
    /// </returns>
    public static bool TryRead(scoped ref JuteReader reader, out CreateRankRequest record)
    {
        if (!CreateRequest.TryRead(ref reader, out var create)
            || !TryReadMarks(ref reader, out var marks)
            || !TryReadMarks(ref reader, out var waitedFor))
        {
            record = default;
            return false;
        }

        record = new CreateRankRequest { Create = create, Marks = marks, WaitedFor = waitedFor };
        return true;
    }

    private static bool TryReadMarks(scoped ref JuteReader reader, out PathVector marks)
    {
        if (!PathVector.TryRead(ref reader, out marks) || marks.Count > MarksMax)
            return false;
        foreach (var mark in marks)
        {
            if (mark.IsEmpty || mark.Length > MarkBytesMax)
                return false;
        }

        return true;
    }
}
