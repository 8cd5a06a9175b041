using System.Buffers.Binary;

namespace Coord.Differential.Captured;

/// <summary>
/// Which value here stands for which recorded one, of those that every server makes for itself. A pair that does not
/// fit those before it is a disagreement.
/// </summary>
/// <param name="isOfNow">Times of ours are between its making and the comparison.</param>
internal sealed class Counterparts(bool isOfNow)
{
    private static readonly TimeSpan ClockToleranceMax = TimeSpan.FromSeconds(5);

    private readonly long _beganAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private readonly List<(long Theirs, long Ours)> _transactions = [];
    private readonly List<(long Theirs, long Ours)> _applied = [];
    private readonly Dictionary<string, byte[]> _toOurs = [];
    private readonly Dictionary<string, string> _toTheirs = [];
    private readonly Dictionary<long, long> _times = [];
    private readonly HashSet<long> _causes = [];
    private long _lastZxid;

    /// <summary>Zxids of events that no reply has named.</summary>
    public IEnumerable<long> UnknownCauses =>
        _causes.Where(cause => !_transactions.Exists(pair => pair.Ours == cause));

    /// <summary>Null when a field of ours fits the recorded one; otherwise what does not.</summary>
    public string? Compare(Field theirs, Field ours)
    {
        var isRight = theirs.Kind switch
        {
            _ when theirs.Kind != ours.Kind => false,
            FieldKind.Exact => theirs.Bytes.AsSpan().SequenceEqual(ours.Bytes),
            FieldKind.Unordered => theirs.Shown == ours.Shown,
            FieldKind.Zxid => IsTransaction(Number(theirs), Number(ours)),
            FieldKind.AppliedZxid => IsApplied(Number(theirs), Number(ours)),
            FieldKind.EventZxid => IsCause(Number(theirs), Number(ours)),
            FieldKind.Time => IsTime(Number(theirs), Number(ours)),
            _ => StandsFor(theirs, ours),
        };
        return isRight ? null : $"{theirs.Name} {theirs.Lasting} there, {ours.Lasting} here";
    }

    /// <summary>That a zxid's transaction has one time.</summary>
    public bool IsOneTime(long zxid, long time) => !_times.TryAdd(zxid, time) ? _times[zxid] == time : true;

    /// <summary>What is sent in place of a recorded field.</summary>
    public byte[] Ours(Field theirs) => theirs.Kind switch
    {
        FieldKind.Session or FieldKind.Password => _toOurs.GetValueOrDefault(Key(theirs), theirs.Bytes),
        FieldKind.Zxid => OursOfZxid(theirs),
        _ => theirs.Bytes,
    };

    private static long Number(Field field) => BinaryPrimitives.ReadInt64BigEndian(field.Bytes);

    private static string Key(Field field) => $"{field.Kind} {Convert.ToHexString(field.Bytes)}";

    // What was never seen is sent as it is: it is meant to be none of the server's.
    private byte[] OursOfZxid(Field theirs)
    {
        var number = Number(theirs);
        var known = _transactions.Concat(_applied).Where(pair => pair.Theirs == number).Select(pair => pair.Ours);
        var ours = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(ours, known.DefaultIfEmpty(number).First());
        return ours;
    }

    private bool IsTransaction(long theirs, long ours)
    {
        if (theirs <= 0 || ours <= 0)
            return theirs == ours;
        var isRight = _transactions.TrueForAll(
                pair => Math.Sign(theirs.CompareTo(pair.Theirs)) == Math.Sign(ours.CompareTo(pair.Ours)))
            && _applied.TrueForAll(pair => theirs <= pair.Theirs ? ours <= pair.Ours : ours > pair.Ours);
        _transactions.Add((theirs, ours));
        _lastZxid = Math.Max(_lastZxid, ours);
        return isRight;
    }

    private bool IsApplied(long theirs, long ours)
    {
        if (theirs <= 0 || ours <= 0)
            return theirs == ours;
        var isRight = ours >= _lastZxid
            && _transactions.TrueForAll(pair => pair.Theirs <= theirs ? pair.Ours <= ours : pair.Ours > ours);
        _applied.Add((theirs, ours));
        _lastZxid = Math.Max(_lastZxid, ours);
        return isRight;
    }

    // Either -1, as in 3.8, or of a transaction that some reply has named by the end.
    private bool IsCause(long theirs, long ours)
    {
        if (ours > 0)
            _causes.Add(ours);
        return theirs == -1 && (ours == -1 || ours > 0);
    }

    private bool IsTime(long theirs, long ours)
    {
        if (theirs == 0 || ours == 0)
            return theirs == ours;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return !isOfNow || (ours >= _beganAt - ClockToleranceMax.TotalMilliseconds
            && ours <= now + ClockToleranceMax.TotalMilliseconds);
    }

    private bool StandsFor(Field theirs, Field ours)
    {
        var (here, there) = (Key(ours), Key(theirs));
        var isNone = IsNone(theirs);
        if (isNone || IsNone(ours))
            return isNone && theirs.Bytes.Length == ours.Bytes.Length && IsNone(ours);
        _toOurs.TryAdd(there, ours.Bytes);
        _toTheirs.TryAdd(here, there);
        return _toOurs[there].AsSpan().SequenceEqual(ours.Bytes) && _toTheirs[here] == there;
    }

    // A password's length stands before its zeros.
    private static bool IsNone(Field field) =>
        !field.Bytes.AsSpan(field.Kind == FieldKind.Password ? sizeof(int) : 0).ContainsAnyExcept((byte)0);
}
