using System.Text;
using Coord.Differential.Dialects;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>Reads replies to the last byte and tells their fields.</summary>
/// <param name="prefix">Left out of paths.</param>
/// <param name="zxids">Names for zxids.</param>
/// <param name="sessions">Names for session ids.</param>
internal sealed class ReplyText(string prefix, ZxidNames zxids, IReadOnlyDictionary<long, string> sessions)
{
    /// <summary>The record of a reply without error.</summary>
    public string Of(Request request, RecordReader body, IDialect dialect, List<Cell> cells)
    {
        var text = request.Op switch
        {
            Op.Create or Op.Sync => Path(body.Text()),
            Op.Create2 or Op.CreateContainer or Op.CreateTtl => Path(body.Text()) + Stat(body),
            Op.Exists or Op.SetData or Op.SetAcl => Stat(body),
            Op.GetData => Requests.Show(body.Buffer()) + Stat(body),
            Op.GetAcl => Acl(body) + Stat(body),
            Op.GetChildren => Names(body),
            Op.GetChildren2 => Names(body) + Stat(body),
            Op.GetEphemerals => Names(body),
            Op.GetAllChildrenNumber or Op.AddWatch => $"{body.Int()}",
            Op.Multi or Op.MultiRead => Parts(request, body, dialect, cells),
            Op.WhoAmI => Sorted(body.Vector(reader => $"{reader.Text()}:{reader.Text()}")),
            Op.Sasl => Requests.Show(body.Buffer()),
            _ => "",
        };
        return body.Left == 0 ? text : $"{text} and {body.Left} bytes more";
    }

    public string Path(string? path) => path is null ? "null" : path.Replace(prefix, "~", StringComparison.Ordinal);

    private string Parts(Request request, RecordReader body, IDialect dialect, List<Cell> cells)
    {
        var text = new StringBuilder();
        for (var i = 0; ; i++)
        {
            var (type, isLast, error) = (body.Int(), body.Byte() != 0, body.Int());
            if (isLast)
                return text.Append($"end {type} {error}").ToString();
            var part = request.Parts[i];
            if (type == -1)
            {
                var again = body.Int();
                text.Append(again == error ? $"{error}; " : $"{error} and {again}; ");
                cells.Add(new Cell($"{request.Op}: {part.Op}", error));
                continue;
            }

            cells.Add(new Cell($"{request.Op}: {part.Op}", 0));
            text.Append(Part(part, type, error, body, dialect));
        }
    }

    private string Part(Request part, int type, int error, RecordReader body, IDialect dialect)
    {
        var result = (Op)type switch
        {
            Op.Create => Path(body.Text()),
            Op.Create2 => $"{Path(body.Text())}{Stat(body)}",
            Op.SetData => Stat(body),
            Op.GetData => Requests.Show(body.Buffer()) + Stat(body),
            Op.GetChildren => Names(body),
            _ => "",
        };
        return dialect.PartResult(part, type, result) + (error == 0 ? "; " : $" with {error}; ");
    }

    private string Stat(RecordReader body)
    {
        var (czxid, mzxid, ctime, mtime) = (body.Long(), body.Long(), body.Long(), body.Long());
        var (version, cversion, aversion) = (body.Int(), body.Int(), body.Int());
        var owner = body.Long();
        var (dataLength, numChildren, pzxid) = (body.Int(), body.Int(), body.Long());
        // Clocks differ; that mtime is that of the transaction which mzxid names does not.
        var time = czxid == mzxid && mtime != ctime ? " mtime is not that of mzxid" : "";
        return $" {{c {zxids.Of(czxid)} m {zxids.Of(mzxid)} p {zxids.Of(pzxid)} v {version} cv {cversion} av {aversion}"
            + $" owner {sessions.GetValueOrDefault(owner, $"{owner}")} length {dataLength} children {numChildren}"
            + $"{time}}}";
    }

    // What auth stands for comes in no order.
    private static string Acl(RecordReader body) =>
        Sorted(body.Vector(reader => $"{reader.Int()}:{reader.Text()}:{reader.Text()}"));

    // Their order is nobody's promise (zookeeper-protocol 2.3).
    private string Names(RecordReader body) => Sorted(body.Vector(reader => Path(reader.Text())));

    private static string Sorted(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToArray();
        return $"[{string.Join(", ", all)}]";
    }
}
