using Coord.Protocol;
using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Several clients that watch, stop watching, lose their connections and come back while znodes change: what they are
/// told, against the rules on a plain list.
/// </summary>
public class WatchModelTests
{
    private static readonly string[] Paths = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/a/bc"];
    private static readonly string[] Watchers = ["ann", "bob", "cat", "dan"];

    [Fact]
    public void Any_history_tells_what_the_rules_say() =>
        Prop.ForAll(Arb.From(Histories()), steps =>
        {
            var run = new History();
            foreach (var step in steps)
                run.Take(step);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static Gen<Step[]> Histories() =>
        from count in Gen.Choose(1, 120)
        from steps in Gen.ArrayOf(
            from kind in Gen.Elements(Enum.GetValues<StepKind>())
            from path in Gen.Elements(Paths)
            from watcher in Gen.Elements(Watchers)
            from number in Gen.Choose(0, 5)
            select new Step(kind, path, watcher, number), count)
        select steps;

    private enum StepKind
    {
        WatchData, WatchChildren, AddWatch, Remove, Create, CreateAgain, Delete, Set, Multi, Leave, Return,
    }

    private sealed record Step(StepKind Kind, string Path, string Watcher, int Number);

    private sealed class History
    {
        private readonly WatchedTree _tree = new();
        private readonly NaiveWatches _model = new();
        private readonly Dictionary<string, (long Zxid, List<NaiveWatches.Line> Lines)> _away = [];

        public void Take(Step step)
        {
            if (_away.ContainsKey(step.Watcher) && step.Kind is not (StepKind.Return or >= StepKind.Create))
                return;
            switch (step.Kind)
            {
                case StepKind.WatchData:
                    _tree.WatchData(step.Watcher, step.Path);
                    _model.Add(false, step.Path, step.Watcher, WatchModes.Standard, !_tree.Driver.Exists(step.Path));
                    break;
                case StepKind.WatchChildren:
                    _tree.WatchChildren(step.Watcher, step.Path);
                    _model.Add(true, step.Path, step.Watcher, WatchModes.Standard);
                    break;
                case StepKind.AddWatch:
                    var mode = (AddWatchMode)(step.Number % 2);
                    Assert.True(_tree.Watches.TryAdd(mode, WatchedTree.Utf8(step.Path), step.Watcher));
                    _model.Add(mode, step.Path, step.Watcher);
                    break;
                case StepKind.Remove:
                    var type = (WatcherType)step.Number;
                    byte[] path = WatchedTree.Utf8(step.Path);
                    Assert.Equal(
                        _model.Contains(type, step.Path, step.Watcher),
                        _tree.Watches.Contains(type, path, step.Watcher));
                    Assert.Equal(
                        _model.Remove(type, step.Path, step.Watcher), _tree.Watches.Remove(type, path, step.Watcher));
                    break;
                case StepKind.Leave:
                    Leave(step.Watcher);
                    break;
                case StepKind.Return:
                    Return(step.Watcher);
                    break;
                default:
                    Change(step);
                    break;
            }

            Assert.Equal(
                (_model.Data, _model.Child, _model.Persistent, _model.Recursive, _model.Paths, _model.Watchers),
                (_tree.Watches.DataCount, _tree.Watches.ChildCount, _tree.Watches.PersistentCount,
                    _tree.Watches.RecursiveCount, _tree.Watches.PathCount, _tree.Watches.WatcherCount));
        }

        private void Leave(string watcher)
        {
            if (_away.ContainsKey(watcher))
                return;
            _away[watcher] = (_tree.LastZxid, _model.TakeAll(watcher));
            while (_tree.Watches.Forget(watcher, 2) == 2)
            {
            }
        }

        private void Return(string watcher)
        {
            if (!_away.Remove(watcher, out var away))
                return;
            var expected = new List<string>();
            var wire = new Wire().Long(away.Zxid);
            for (int list = 0; list < 5; list++)
            {
                var lines = away.Lines.Where(line => ListOf(line) == list).ToList();
                wire.Int(lines.Count);
                foreach (var line in lines)
                {
                    wire.Text(line.Path);
                    expected.AddRange(Restore(list, line, away.Zxid));
                }
            }

            var restore = new WatchRestore<string>(wire.ToArray(), OpCode.SetWatches2, watcher);
            int left = int.MaxValue;
            Assert.True(restore.TryGoOn(_tree.Watches, _tree.Driver.Tree, _tree, ref left));
            _tree.AssertEvents([.. expected]);
        }

        private static int ListOf(NaiveWatches.Line line) => line.Mode switch
        {
            WatchModes.Persistent => line.IsChild ? -1 : 3, // In both tables, but one line for the client.
            WatchModes.PersistentRecursive => 4,
            _ => line.IsChild ? 2 : line.IsExist ? 1 : 0,
        };

        private List<string> Restore(int list, NaiveWatches.Line line, long zxid)
        {
            if (list >= 3)
            {
                _model.Add((AddWatchMode)(list - 3), line.Path, line.Watcher);
                return [];
            }

            bool isThere = _tree.Driver.Exists(line.Path);
            var stat = isThere ? _tree.Driver.Stat(line.Path) : default;
            string? type = list == 1 ? (isThere ? "NodeCreated" : null)
                : !isThere ? "NodeDeleted"
                : list == 0 && stat.Mzxid > zxid ? "NodeDataChanged"
                : list == 2 && stat.Pzxid > zxid ? "NodeChildrenChanged" : null;
            if (type != null)
                return [$"{line.Watcher} {type} {line.Path}"];
            _model.Add(line.IsChild, line.Path, line.Watcher, WatchModes.Standard, line.IsExist);
            return [];
        }

        private void Change(Step step)
        {
            ZnodeRequest request = step.Kind switch
            {
                StepKind.Delete => new Delete(step.Path),
                StepKind.Set => new Set(step.Path, "x"),
                StepKind.Multi => new Multi(new Set(step.Path, "x"), new Create("/a"), new Delete("/ab")),
                _ => new Create(step.Path),
            };
            var reply = _tree.Driver.Run(_tree.Session, request);
            int position = 0;
            _tree.Fire(reply, reply.Error);
            foreach (string change in reply.Changes)
                Expect(change.Split(' ')[0], change.Split(' ')[1], ref position);
            Assert.Equal(position, _tree.Events.Count);
            _tree.Events.Clear();
        }

        // Each trigger call tells its watchers in some order.
        private void Expect(string type, string path, ref int position)
        {
            var first = type == "NodeChildrenChanged"
                ? _model.Trigger(isChild: true, path)
                : _model.Trigger(isChild: false, path);
            AssertNext(first, type, path, ref position);
            if (type != "NodeDeleted")
                return;
            var second = _model.Trigger(isChild: true, path);
            second.ExceptWith(first);
            AssertNext(second, type, path, ref position);
        }

        private void AssertNext(HashSet<string> watchers, string type, string path, ref int position)
        {
            Assert.Equal(
                watchers.Select(watcher => $"{watcher} {type} {path}").Order(StringComparer.Ordinal),
                _tree.Events.Skip(position).Take(watchers.Count).Order(StringComparer.Ordinal));
            position += watchers.Count;
        }
    }
}
