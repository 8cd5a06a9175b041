using System.Globalization;

namespace Coord.JepsenLike.Histories;

/// <summary>Histories as text: one operation per line, fields separated by tabs, in the order of the header.</summary>
internal static class HistoryFile
{
    private const string Header =
        "#process\tsession\tnode\tkind\tkey\tinvoked\tcompleted\terror\tamount\ttag\texpected\tversion\tzxid\tmzxid" +
        "\tconnection\ttext";

    private const int FieldCount = 16;

    private const string WorkloadMark = "#workload\t";

    /// <param name="path">Of the file.</param>
    /// <param name="workload">Whose rules the history is to hold.</param>
    /// <param name="history">The operations.</param>
    public static void Write(string path, string workload, IEnumerable<Operation> history)
    {
        using var output = new StreamWriter(path);
        output.WriteLine(WorkloadMark + workload);
        output.WriteLine(Header);
        foreach (var o in history)
        {
            output.WriteLine(string.Join('\t', o.Process, o.Session, o.Node, o.Kind, o.Key, o.Invoked,
                o.IsKnown ? o.Completed.ToString(CultureInfo.InvariantCulture) : "unknown",
                o.Error, o.Amount, o.Tag, o.Expected, o.Version, o.Zxid, o.ModifiedZxid, o.Connection, o.Text));
        }
    }

    /// <summary>The name in the file's first line; null when there is none.</summary>
    public static string? WorkloadOf(string path) =>
        File.ReadLines(path).FirstOrDefault() is { } line && line.StartsWith(WorkloadMark, StringComparison.Ordinal)
            ? line[WorkloadMark.Length..]
            : null;

    public static List<Operation> Read(string path)
    {
        var history = new List<Operation>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;

            var fields = line.Split('\t');
            if (fields.Length != FieldCount)
                throw new FormatException($"{path}:{number}: {fields.Length} fields, expected {FieldCount}");

            history.Add(Parse(fields));
        }

        return history;
    }

    private static Operation Parse(string[] fields) => new()
    {
        Process = int.Parse(fields[0]),
        Session = int.Parse(fields[1]),
        Node = int.Parse(fields[2]),
        Kind = Enum.Parse<OperationKind>(fields[3]),
        Key = fields[4],
        Invoked = long.Parse(fields[5]),
        Completed = fields[6] == "unknown" ? Operation.Never : long.Parse(fields[6]),
        Error = int.Parse(fields[7]),
        Amount = long.Parse(fields[8]),
        Tag = long.Parse(fields[9]),
        Expected = int.Parse(fields[10]),
        Version = int.Parse(fields[11]),
        Zxid = long.Parse(fields[12]),
        ModifiedZxid = long.Parse(fields[13]),
        Connection = int.Parse(fields[14]),
        Text = fields[15],
    };
}
