using System.Buffers.Binary;
using System.Text;

namespace Coord.JepsenLike.Clients;

/// <summary>Reads the bodies of replies, field by field.</summary>
internal ref struct ReplyReader(ReadOnlySpan<byte> bytes)
{
    private const int StringBytesMax = 4 << 20;

    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Reads a body that is data and a Stat.</summary>
    public static (byte[] Data, Stat Stat) Data(Reply reply)
    {
        var reader = new ReplyReader(reply.Body.Span);
        return (reader.Buffer().ToArray(), reader.Stat());
    }

    /// <summary>Reads a body that is an amount, a tag and a Stat.</summary>
    public static (long Amount, long Tag, Stat Stat) Datum(Reply reply)
    {
        var (data, stat) = Data(reply);
        if (data.Length != Wire.DatumBytes)
            throw new ProtocolViolationException($"data of {data.Length} bytes");
        return (BinaryPrimitives.ReadInt64BigEndian(data), BinaryPrimitives.ReadInt64BigEndian(data.AsSpan(8)), stat);
    }

    /// <summary>Reads the body of getChildren2.</summary>
    public static (string[] Names, Stat Stat) Children(Reply reply)
    {
        var reader = new ReplyReader(reply.Body.Span);
        var names = new string[reader.Count()];
        for (var i = 0; i < names.Length; i++)
            names[i] = reader.String();
        return (names, reader.Stat());
    }

    /// <summary>Reads the body of exists.</summary>
    public static Stat StatAlone(Reply reply) => new ReplyReader(reply.Body.Span).Stat();

    /// <summary>Reads the body of create: the path that the znode was given.</summary>
    public static string Path(Reply reply) => new ReplyReader(reply.Body.Span).String();

    /// <summary>
    /// Reads the body of multi: refused as a whole when one of its results is an error, by the first that is not 0
    /// (zookeeper-protocol 2.4).
    /// </summary>
    public static MultiOutcome Multi(Reply reply)
    {
        if (reply.Error != 0)
            return new MultiOutcome(reply.Error, Refused: 0);

        var reader = new ReplyReader(reply.Body.Span);
        var outcome = new MultiOutcome(Error: 0, Refused: -1);
        for (var i = 0; ; i++)
        {
            var type = reader.Int();
            var isLast = reader.Take(1)[0] != 0;
            reader.Int();
            if (isLast)
                return outcome;

            var error = reader.Result(type);
            if (error != 0 && outcome.Error == 0)
                outcome = new MultiOutcome(error, i);
        }
    }

    private int Result(int type)
    {
        switch (type)
        {
            case -1:
                return Int();
            case Wire.SetData:
                Stat();
                return 0;
            case Wire.Check:
                return 0;
            default:
                throw new ProtocolViolationException($"a multi's result of type {type}");
        }
    }

    private int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private int Count() => Int() is >= 0 and < StringBytesMax and var count
        ? count
        : throw new ProtocolViolationException("a count that cannot be");

    private string String() => Encoding.UTF8.GetString(Buffer());

    private ReadOnlySpan<byte> Buffer() => Int() is var length and > 0 ? Take(length) : [];

    private Stat Stat() => Clients.Stat.Parse(Take(Wire.StatBytes));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
            throw new ProtocolViolationException($"a body that ends {count - rest.Length} bytes early");

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
