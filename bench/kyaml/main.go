// A function with kyaml's own framework, to compare what a function costs: it writes the four hosts of an environment where the base has
// them, in Ingresses and in the documents of worker, Envoy and page. DomainConfig does this and much more; nothing is left out here that would
// make this one slower.
package main

import (
	"os"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

type config struct {
	Spec struct {
		Domain string `yaml:"domain"`
	} `yaml:"spec"`
}

const placeholder = "DOMAIN_NOT_SET"

// Ingress: the host of each rule and of each TLS block, and the issuer's annotation.
func ingress(r *yaml.RNode, domain string) error {
	visit(r.YNode(), func(text string) string { return strings.ReplaceAll(text, placeholder, domain) })
	return r.PipeE(yaml.SetAnnotation("cert-manager.io/issuer", "letsencrypt"))
}

// ConfigMap: documents that name a host are read, changed node by node so that comments stay, and written again.
func configMap(r *yaml.RNode, domain string) error {
	data := r.GetDataMap()
	changed := false
	for key, text := range data {
		if !strings.Contains(text, placeholder) {
			continue
		}
		document, err := yaml.Parse(text)
		if err != nil {
			continue
		}
		visit(document.YNode(), func(value string) string {
			return strings.ReplaceAll(value, placeholder, escapedLike(value, domain))
		})
		if data[key], err = document.String(); err != nil {
			return err
		}
		changed = true
	}
	if changed {
		r.SetDataMap(data)
	}
	return nil
}

var escapedDot = regexp.MustCompile(`\\\.`)

func escapedLike(value, domain string) string {
	if escapedDot.MatchString(value) {
		return regexp.QuoteMeta(domain)
	}
	return domain
}

func visit(node *yaml.Node, change func(string) string) {
	if node.Kind == yaml.ScalarNode {
		node.Value = change(node.Value)
	}
	for _, child := range node.Content {
		visit(child, change)
	}
}

func main() {
	processor := framework.ResourceListProcessorFunc(func(list *framework.ResourceList) error {
		var api config
		if err := framework.LoadFunctionConfig(list.FunctionConfig, &api); err != nil {
			return err
		}
		for _, item := range list.Items {
			var err error
			switch item.GetKind() {
			case "Ingress":
				err = ingress(item, api.Spec.Domain)
			case "ConfigMap":
				err = configMap(item, api.Spec.Domain)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	readWriter := &kio.ByteReadWriter{Reader: os.Stdin, Writer: os.Stdout, KeepReaderAnnotations: true}
	if err := framework.Execute(processor, readWriter); err != nil {
		os.Exit(1)
	}
}
