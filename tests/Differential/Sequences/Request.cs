using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>A request: how it is shown, and how its record is written.</summary>
/// <param name="Op">Its number, which need not be one that exists.</param>
/// <param name="Shown">One line for reports.</param>
/// <param name="Write">Writes the record behind the header.</param>
internal sealed record Request(Op Op, string Shown, Action<FrameWriter> Write)
{
    private const int PartHeaderError = -1;

    /// <summary>What a multi or multiRead consists of.</summary>
    public IReadOnlyList<Request> Parts { get; init; } = [];

    /// <summary>The path that it asks about, for those that have one.</summary>
    public WirePath? Path { get; init; }

    /// <summary>The path is null, or an id in the ACL.</summary>
    public bool HasNull { get; init; }

    /// <summary>Of the create family.</summary>
    public int Flags { get; init; }

    /// <summary>Of checkWatches and removeWatches.</summary>
    public int WatchType { get; init; }

    /// <summary>How many bytes of the record are missing.</summary>
    public int BytesCut { get; init; }

    /// <summary>A transaction, which has a zxid of its own even when it fails.</summary>
    public bool IsWrite => Op is Op.Create or Op.Delete or Op.SetData or Op.SetAcl or Op.Multi or Op.Create2
        or Op.CreateContainer or Op.CreateTtl or Op.CloseSession;

    public static string NameOf(Op op) => Enum.IsDefined(op) ? op.ToString() : "no opcode";

    public static Request Of(Op op, WirePath path, string rest, Action<FrameWriter> write) =>
        new(op, $"{op} {path.Shown}{(rest.Length > 0 ? " " : "")}{rest}", write)
        {
            Path = path,
            HasNull = ReferenceEquals(path, WirePath.Null),
        };

    /// <summary>multi or multiRead.</summary>
    public static Request Of(Op op, IReadOnlyList<Request> parts) =>
        new(op, $"{op} [{string.Join("; ", parts.Select(part => part.Shown))}]", frame =>
        {
            foreach (var part in parts)
            {
                PartHeader(frame, (int)part.Op, isLast: false);
                part.Write(frame);
            }

            PartHeader(frame, PartHeaderError, isLast: true);
        })
        { Parts = parts };

    public Request Cut(int bytes) =>
        this with { BytesCut = bytes, HasNull = false, Shown = $"{Shown} (cut by {bytes})" };

    public byte[] Encode(int xid, FrameWriter frame)
    {
        frame.Int(xid);
        frame.Int((int)Op);
        Write(frame);
        return BytesCut == 0 ? frame.Complete() : frame.CompleteWithout(BytesCut);
    }

    public override string ToString() => Shown;

    private static void PartHeader(FrameWriter frame, int type, bool isLast)
    {
        frame.Int(type);
        frame.Bool(isLast);
        frame.Int(PartHeaderError);
    }
}
