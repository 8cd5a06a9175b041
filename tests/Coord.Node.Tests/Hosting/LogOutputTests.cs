using System.Text;
using Coord.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Tests.Hosting;

/// <summary>A log whose disk or pipe is slow, full or gone: whoever logs goes on at once.</summary>
public sealed class LogOutputTests : IDisposable
{
    private const int CharactersMax = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Disk disk = new();
    private readonly LogOutput output;

    public LogOutputTests() => output = new LogOutput(disk, CharactersMax);

    [Fact]
    public void Lines_come_out_in_order_and_whole()
    {
        for (var line = 0; line < 100; line++)
            output.Add($"line {line}");
        Assert.True(output.Drain(Patience));
        Assert.Equal(string.Concat(Enumerable.Range(0, 100).Select(line => $"line {line}\n")), disk.Text);
    }

    [Fact]
    public void Lines_that_a_slow_disk_leaves_no_room_for_are_lost_counted_and_told()
    {
        disk.Hold();
        output.Add("first");
        disk.AwaitWriter();
        for (var line = 0; line < 20; line++)
            output.Add(new string('x', 98)); // With the end of the line, ten of them fit.
        Assert.False(output.Drain(TimeSpan.FromMilliseconds(1)));
        disk.Release();
        Assert.True(output.Drain(Patience));
        var lines = disk.Text.Split('\n');
        Assert.Equal("first", lines[0]);
        Assert.EndsWith(
            " Warning: 10 lines of this log are lost, they came faster than they could be written", lines[1],
            StringComparison.Ordinal);
        Assert.Equal(Enumerable.Repeat(new string('x', 98), 10), lines[2..^1]);

        output.Add("told once");
        Assert.True(output.Drain(Patience));
        Assert.EndsWith("x\ntold once\n", disk.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No space left on device", typeof(IOException))]
    [InlineData("Access to the path is denied.", typeof(UnauthorizedAccessException))]
    [InlineData("The file is too large.", typeof(NotSupportedException))]
    public void Lines_that_a_disk_refuses_are_told_when_it_takes_them_again(string why, Type kind)
    {
        disk.Refusal = (Exception)Activator.CreateInstance(kind, why)!;
        output.Add("one");
        Assert.True(output.Drain(Patience));
        output.Add("two");
        Assert.True(output.Drain(Patience));
        disk.Refusal = null;
        output.Add("three");
        Assert.True(output.Drain(Patience));
        var lines = disk.Text.Split('\n');
        Assert.EndsWith(
            $" Warning: 2 lines of this log are lost, they could not be written ({why})", lines[0],
            StringComparison.Ordinal);
        Assert.Equal(["three", ""], lines[1..]);
    }

    [Fact]
    public void The_level_stands_where_it_is_not_plain_information_and_the_hosts_own_chatter_is_left_out()
    {
        using (var provider = new NodeLoggerProvider(output))
        {
            provider.CreateLogger("Coord.Node").LogInformation("plain");
            provider.CreateLogger("Coord.Node").LogWarning(new IOException("gone"), "odd");
            provider.CreateLogger("Microsoft.AspNetCore").LogInformation("chatter");
        }

        var lines = disk.Text.Split('\n');
        Assert.Matches("^[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3} plain$", lines[0]);
        Assert.EndsWith(" Warning: odd: System.IO.IOException: gone", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("chatter", disk.Text, StringComparison.Ordinal);
    }

    // A tool's last words are its result: the process must not end ahead of them.
    [Fact]
    public void Who_ends_logging_waits_for_the_last_line()
    {
        var loggers = NodeLoggers.Create(output);
        disk.Hold();
        loggers.CreateLogger("Coord.Node").LogInformation("last words");
        disk.AwaitWriter();
        var end = new Thread(loggers.Dispose);
        end.Start();
        Assert.True(SpinWait.SpinUntil(
            () => !end.IsAlive || end.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience));
        Assert.True(end.IsAlive);
        disk.Release();
        Assert.True(end.Join(Patience));
        Assert.EndsWith(" last words\n", disk.Text, StringComparison.Ordinal);
    }

    public void Dispose() => disk.Dispose();

    /// <summary>Holds up or refuses what is written to it.</summary>
    private sealed class Disk : TextWriter
    {
        private readonly StringBuilder text = new();
        private readonly ManualResetEventSlim open = new(true);
        private readonly ManualResetEventSlim entered = new();

        public override Encoding Encoding => Encoding.UTF8;

        public Exception? Refusal { get; set; }

        public string Text => text.ToString();

        public void Hold() => open.Reset();

        public void Release() => open.Set();

        public void AwaitWriter() => Assert.True(entered.Wait(Patience));

        public override void Write(char value) => Write([value]);

        public override void Write(ReadOnlySpan<char> buffer)
        {
            entered.Set();
            open.Wait();
            if (Refusal is { } refusal)
                throw refusal;
            text.Append(buffer);
        }

        public override void WriteLine(string? value) => Write($"{value}\n".AsSpan());
    }
}
