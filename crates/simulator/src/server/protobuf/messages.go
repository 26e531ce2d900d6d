// Writes the table of protobuf messages of the kinds that a kube-apiserver serves, from the Go
// types' own struct tags, one message a line. See README.md.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	apidiscovery "k8s.io/api/apidiscovery/v2"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

var special = map[string]string{
	"v1.Time": "T", "v1.MicroTime": "U", "resource.Quantity": "Q", "intstr.IntOrString": "I",
	"runtime.RawExtension": "R", "v1.FieldsV1": "R", "v1.JSON": "R",
	"v1.JSONSchemaPropsOrBool": "O", "v1.JSONSchemaPropsOrArray": "A", "v1.JSONSchemaPropsOrStringArray": "L",
}
var lines = map[string]string{}

func name(t reflect.Type) string {
	p := strings.TrimPrefix(t.PkgPath(), "k8s.io/")
	for _, cut := range []string{"api/", "apimachinery/pkg/apis/", "apiextensions-apiserver/pkg/apis/", "kube-aggregator/pkg/apis/", "apimachinery/pkg/"} {
		p = strings.TrimPrefix(p, cut)
	}
	return strings.ReplaceAll(p, "/", ".") + "." + t.Name()
}

// The type of a field in one word, and whether it repeats.
func word(t reflect.Type) string {
	if s, ok := special[t.String()]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return word(t.Elem())
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Uint16, reflect.Int16:
		return "i"
	case reflect.Float64:
		return "d"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "y"
		}
		if t.Name() != "" && t.Elem().Kind() == reflect.String {
			return "W" // a named list is a message of its own
		}
		return "*" + word(t.Elem())
	case reflect.Map:
		if t.Elem().Kind() == reflect.Slice && t.Elem().Name() != "" {
			return "%W"
		}
		return "%" + word(t.Elem())
	case reflect.Struct:
		add(t)
		return name(t)
	}
	panic(t.String())
}

func add(t reflect.Type) {
	n := name(t)
	if _, ok := lines[n]; ok {
		return
	}
	lines[n] = ""
	var out []string
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("protobuf")
		if !ok || tag == "-" {
			continue
		}
		number := strings.Split(tag, ",")[1]
		js := strings.Split(f.Tag.Get("json"), ",")
		key := js[0]
		omits := strings.Contains(f.Tag.Get("json"), "omitempty")
		if key == "" {
			key = "^" // its fields are fields of the outer object
		}
		mark := ""
		if f.Type.Kind() != reflect.Pointer && omits {
			mark = "?"
		}
		out = append(out, key+"="+number+mark+":"+word(f.Type))
	}
	lines[n] = strings.Join(out, " ")
}

func main() {
	kinds := []string{}
	root := func(gvk schema.GroupVersionKind, t reflect.Type) {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		add(t)
		kinds = append(kinds, "kind "+gvk.GroupVersion().String()+" "+gvk.Kind+" "+name(t))
	}
	served := map[string]bool{"v1": true}
	for _, g := range strings.Fields("admissionregistration.k8s.io/v1 apps/v1 authentication.k8s.io/v1 authorization.k8s.io/v1 autoscaling/v1 autoscaling/v2 batch/v1 certificates.k8s.io/v1 coordination.k8s.io/v1 discovery.k8s.io/v1 events.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1 networking.k8s.io/v1 node.k8s.io/v1 policy/v1 rbac.authorization.k8s.io/v1 resource.k8s.io/v1 scheduling.k8s.io/v1 storage.k8s.io/v1") {
		served[g] = true
	}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if !served[gvk.GroupVersion().String()] || strings.HasSuffix(t.PkgPath(), "meta/v1") || strings.HasSuffix(gvk.Kind, "Options") {
			continue
		}
		if strings.HasSuffix(gvk.Kind, "List") {
			continue
		}
		root(gvk, t)
	}
	ae := apiextensions.SchemeGroupVersion
	root(ae.WithKind("CustomResourceDefinition"), reflect.TypeOf(apiextensions.CustomResourceDefinition{}))
	root(apiregistration.SchemeGroupVersion.WithKind("APIService"), reflect.TypeOf(apiregistration.APIService{}))
	root(apidiscovery.SchemeGroupVersion.WithKind("APIGroupDiscoveryList"), reflect.TypeOf(apidiscovery.APIGroupDiscoveryList{}))
	v1 := schema.GroupVersion{Version: "v1"}
	root(v1.WithKind("Status"), reflect.TypeOf(metav1.Status{}))
	root(v1.WithKind("DeleteOptions"), reflect.TypeOf(metav1.DeleteOptions{}))
	root(v1.WithKind("APIVersions"), reflect.TypeOf(metav1.APIVersions{}))
	root(v1.WithKind("APIGroup"), reflect.TypeOf(metav1.APIGroup{}))
	root(v1.WithKind("APIGroupList"), reflect.TypeOf(metav1.APIGroupList{}))
	root(v1.WithKind("APIResourceList"), reflect.TypeOf(metav1.APIResourceList{}))
	m := metav1.SchemeGroupVersion
	root(m.WithKind("PartialObjectMetadata"), reflect.TypeOf(metav1.PartialObjectMetadata{}))
	add(reflect.TypeOf(metav1.ListMeta{}))
	sort.Strings(kinds)
	for _, k := range kinds {
		fmt.Println(k)
	}
	names := []string{}
	for n := range lines {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Println(strings.TrimRight("message "+n+" "+lines[n], " "))
	}
}
