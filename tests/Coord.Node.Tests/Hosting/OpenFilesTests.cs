using Coord.Node.Hosting;

namespace Coord.Node.Tests.Hosting;

/// <summary>How many connections fit into the files that a process may open.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            20000                524288               files     ", 20_000)]
    [InlineData("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    public void The_limit_in_force_is_read(string line, long allowed) => Assert.Equal(
        allowed, OpenFiles.Parse($"Limit     Soft Limit   Hard Limit   Units\n{line}\nMax locked memory 1 1 b\n"));

    [Theory]
    [InlineData(20_000, 19_744)]
    [InlineData(long.MaxValue, int.MaxValue)]
    [InlineData(100, 1)]
    public void Connections_leave_room_for_the_rest(long files, int connections) =>
        Assert.Equal(connections, OpenFiles.ConnectionsOf(files));
}
