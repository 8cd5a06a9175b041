using System.Text;
using Coord.Differential.Dialects;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>All that is left below the run's znode: data, ACLs and Stats.</summary>
internal sealed class FinalTree(Observer observer, string prefix, ReplyText replies, IDialect dialect)
{
    private readonly List<string> _paths = [];

    /// <summary>Takes out what was read, leaves first: the servers outlive many sequences.</summary>
    public void Delete()
    {
        foreach (var path in Enumerable.Reverse(_paths))
            observer.Ask(Requests.Delete(WirePath.Just(path), -1));
    }

    public string Read()
    {
        var text = new StringBuilder("tree:");
        var left = new Stack<string>([prefix]);
        while (left.TryPop(out var path))
        {
            _paths.Add(path);
            var at = WirePath.Just(path);
            text.Append($"\n    {replies.Path(path)}");
            Request[] requests = [Requests.Read(Op.GetData, at, watch: false), Requests.OnPath(Op.GetAcl, at)];
            foreach (var request in requests)
            {
                var reply = observer.Ask(request);
                text.Append(reply.Error == 0
                    ? $" {replies.Of(request, reply.Body, dialect, [])}"
                    : $" error {reply.Error}");
            }

            var children = observer.Ask(Requests.Read(Op.GetChildren, at, watch: false));
            var names = children.Error == 0 ? children.Body.Vector(reader => reader.Text()!).ToArray() : [];
            foreach (var name in names.OrderDescending(StringComparer.Ordinal))
                left.Push($"{path}/{name}");
        }

        return text.ToString();
    }
}
