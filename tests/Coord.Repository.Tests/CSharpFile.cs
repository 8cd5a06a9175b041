using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Coord.Repository.Tests;

/// <summary>A parsed C# file and what the checks ask of it.</summary>
internal sealed class CSharpFile
{
    private readonly CompilationUnitSyntax _root;

    private CSharpFile(SourceFile file)
    {
        Path = file.Path;
        _root = CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot();
        Types = _root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().ToArray();
        Methods = FindMethods().ToArray();
    }

    public static IReadOnlyList<CSharpFile> All { get; } =
        SourceTree.WithExtension(".cs").Select(Parse).ToArray();

    public static IEnumerable<CSharpFile> Production =>
        All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal));

    public string Path { get; }

    public IReadOnlyList<BaseTypeDeclarationSyntax> Types { get; }

    /// <summary>Methods, constructors, operators, accessors, top-level statements: the lines each takes.</summary>
    public IReadOnlyList<(string Name, int Lines)> Methods { get; }

    public IEnumerable<CatchClauseSyntax> Catches => _root.DescendantNodes().OfType<CatchClauseSyntax>();

    public IEnumerable<InvocationExpressionSyntax> Invocations =>
        _root.DescendantNodes().OfType<InvocationExpressionSyntax>();

    public static CSharpFile Parse(SourceFile file) => new(file);

    public int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private IEnumerable<(string Name, int Lines)> FindMethods()
    {
        foreach (var node in _root.DescendantNodes())
        {
            switch (node)
            {
                case MethodDeclarationSyntax method:
                    yield return (method.Identifier.Text, LinesOf(method));
                    break;
                case ConstructorDeclarationSyntax constructor:
                    yield return (constructor.Identifier.Text, LinesOf(constructor));
                    break;
                case OperatorDeclarationSyntax op:
                    yield return ($"operator {op.OperatorToken.Text}", LinesOf(op));
                    break;
                case AccessorDeclarationSyntax accessor:
                    yield return ($"{accessor.Keyword.Text} accessor", LinesOf(accessor));
                    break;
            }
        }

        var statements = _root.Members.OfType<GlobalStatementSyntax>().ToArray();
        if (statements.Length > 0)
            yield return ("top-level statements", statements.Sum(LinesOf));
    }

    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
