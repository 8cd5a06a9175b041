namespace Coord.JepsenLike.Checking;

/// <summary>Tarjan's strongly connected components, without recursion: histories are longer than a stack.</summary>
internal sealed class StronglyConnected(int count, Func<int, IEnumerable<int>> next)
{
    private readonly int[] index = [.. Enumerable.Repeat(-1, count)];
    private readonly int[] low = new int[count];
    private readonly bool[] isOpen = new bool[count];
    private readonly Stack<int> open = [];
    private readonly List<List<int>> found = [];
    private int visited;

    /// <summary>Those of more than one node.</summary>
    public List<List<int>> Find()
    {
        for (var node = 0; node < count; node++)
        {
            if (index[node] < 0)
                Visit(node);
        }

        return found;
    }

    private void Visit(int root)
    {
        var calls = new Stack<(int Node, IEnumerator<int> Edges)>();
        calls.Push(Open(root));
        while (calls.TryPeek(out var call))
        {
            if (call.Edges.MoveNext())
            {
                var to = call.Edges.Current;
                if (index[to] < 0)
                    calls.Push(Open(to));
                else if (isOpen[to])
                    low[call.Node] = Math.Min(low[call.Node], index[to]);
                continue;
            }

            calls.Pop().Edges.Dispose();
            if (calls.TryPeek(out var caller))
                low[caller.Node] = Math.Min(low[caller.Node], low[call.Node]);
            if (low[call.Node] == index[call.Node])
                Close(call.Node);
        }
    }

    private (int Node, IEnumerator<int> Edges) Open(int node)
    {
        index[node] = low[node] = visited++;
        isOpen[node] = true;
        open.Push(node);
        return (node, next(node).GetEnumerator());
    }

    private void Close(int root)
    {
        var component = new List<int>();
        int node;
        do
        {
            node = open.Pop();
            isOpen[node] = false;
            component.Add(node);
        }
        while (node != root);
        if (component.Count > 1)
            found.Add(component);
    }
}
