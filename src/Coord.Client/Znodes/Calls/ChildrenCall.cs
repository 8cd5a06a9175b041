using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>A getChildren2.</summary>
internal sealed class ChildrenCall(string path, WatchRegistry? watches = null, WatchSignal? signal = null)
    : ReadCall<ChildList>(path, watches, signal)
{
    // A name takes its length and a byte at least: a count beyond that is a lie and allocates nothing.
    private const int LeastBytesPerName = 5;

    internal override OpCode Op => OpCode.GetChildren2;

    protected override WatchTable? TableAfter(ErrorCode error) => error == ErrorCode.Ok ? WatchTable.Child : null;

    internal override bool TryReadBody(ref JuteReader reader, out ChildList? value)
    {
        value = null;
        if (!reader.TryReadVectorCount(out var count) || count > reader.Remaining / LeastBytesPerName)
            return false;
        var names = count <= 0 ? [] : new string[count];
        for (var i = 0; i < names.Length; i++)
        {
            if (!reader.TryReadBuffer(out var name, out _))
                return false;
            names[i] = Encoding.UTF8.GetString(name);
        }

        if (!Stat.TryRead(ref reader, out var stat))
            return false;
        value = new ChildList(names, stat);
        return true;
    }
}
